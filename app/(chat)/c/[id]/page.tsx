import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache, type ReactElement } from "react";

import { OpenedChatPage } from "#components/chat/opened-chat-page.tsx";

import { readCollections, requireIdentity } from "../../../signed-in.ts";
import { readOpenedChat } from "../../opened-chat.ts";

interface Asked {
  readonly params: Promise<{ readonly id: string }>;
}

/** Read once for the title and the page. */
const opened = cache(async (id: string) => readOpenedChat(await requireIdentity(), id));

export const generateMetadata = async ({ params }: Asked): Promise<Metadata> => ({
  title: (await opened((await params).id))?.conversation.title ?? "Chat",
});

/** Moving between chats changes the address, not the page. */
export default async function Conversation({ params }: Asked): Promise<ReactElement> {
  const [identity, { id }] = await Promise.all([requireIdentity(), params]);
  const [known, chat] = await Promise.all([readCollections(identity), opened(id)]);
  if (chat === null) notFound();
  return <OpenedChatPage known={known} opened={chat} />;
}
