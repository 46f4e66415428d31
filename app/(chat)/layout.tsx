import type { ReactElement, ReactNode } from "react";

import { ChatPage } from "#components/chat/chat-page.tsx";
import { Shell } from "#components/shell/shell.tsx";

import { readCollections, readLook, requireIdentity } from "../signed-in.ts";

/** The chat stands in the layout: moving between chats changes the address, not the page. */
export default async function ChatLayout({
  children,
}: {
  readonly children: ReactNode;
}): Promise<ReactElement> {
  const [session, { railOpen }] = await Promise.all([requireIdentity(), readLook()]);
  return (
    <Shell session={session} railOpen={railOpen}>
      <ChatPage known={await readCollections(session)} />
      {children}
    </Shell>
  );
}
