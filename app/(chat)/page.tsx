import type { Metadata } from "next";

export const metadata: Metadata = { title: "Chat" };

/** Shown by the layout. */
export default function NewChat(): null {
  return null;
}
