import type { Metadata } from "next";
import type { ReactElement } from "react";

import { ChatPage } from "#components/chat/chat-page.tsx";

import { readCollections, requireIdentity } from "../signed-in.ts";

export const metadata: Metadata = { title: "New chat" };

/** Moving between chats changes the address, not the page. */
export default async function NewChat(): Promise<ReactElement> {
  return <ChatPage known={await readCollections(await requireIdentity())} />;
}
