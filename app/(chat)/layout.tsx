import type { ReactElement, ReactNode } from "react";

import { Shell } from "#components/shell/shell.tsx";

import { readLook, requireIdentity } from "../signed-in.ts";

export default async function ChatLayout({
  children,
}: {
  readonly children: ReactNode;
}): Promise<ReactElement> {
  const [session, { railOpen }] = await Promise.all([requireIdentity(), readLook()]);
  return (
    <Shell session={session} railOpen={railOpen}>
      {children}
    </Shell>
  );
}
