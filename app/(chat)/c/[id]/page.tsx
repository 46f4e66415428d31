import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { ReactElement } from "react";

import { OpenedChatPage } from "#components/chat/opened-chat-page.tsx";

import { readCollections, requireIdentity } from "../../../signed-in.ts";
import { readOpenedChat } from "../../opened-chat.ts";

export const metadata: Metadata = { title: "Chat" };

/** Moving between chats changes the address, not the page. */
export default async function Conversation({
  params,
}: {
  readonly params: Promise<{ readonly id: string }>;
}): Promise<ReactElement> {
  const [identity, { id }] = await Promise.all([requireIdentity(), params]);
  const [known, opened] = await Promise.all([
    readCollections(identity),
    readOpenedChat(identity, id),
  ]);
  if (opened === null) notFound();
  return <OpenedChatPage known={known} opened={opened} />;
}
