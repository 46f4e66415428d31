import type { Metadata } from "next";

export const metadata: Metadata = { title: "Chat" };

/** Shown by the layout, which reads the conversation's id from the address. */
export default function Conversation(): null {
  return null;
}
