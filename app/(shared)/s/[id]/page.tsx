import type { Metadata } from "next";
import type { ReactElement } from "react";

import { SharedChat } from "#components/chat/shared-chat.tsx";
import { Shell } from "#components/shell/shell.tsx";

import { readLook, requireIdentity } from "../../../signed-in.ts";

export const metadata: Metadata = { title: "Shared chat" };

/** Someone else's chat, for members who have its link. */
export default async function SharedPage({
  params,
}: {
  readonly params: Promise<{ readonly id: string }>;
}): Promise<ReactElement> {
  const [session, { railOpen }, { id }] = await Promise.all([
    requireIdentity(),
    readLook(),
    params,
  ]);
  return (
    <Shell session={session} railOpen={railOpen}>
      <SharedChat id={id} />
    </Shell>
  );
}
