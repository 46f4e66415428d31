import type { ReactElement, ReactNode } from "react";

import { AdminFrame } from "#components/admin/admin-frame.tsx";
import { Shell } from "#components/shell/shell.tsx";

import { readLook, requireIdentity } from "../signed-in.ts";

/** The frame only: a layout is not made anew at each navigation, so every page checks its own right. */
export default async function AdminLayout({
  children,
}: {
  readonly children: ReactNode;
}): Promise<ReactElement> {
  const [session, { railOpen }] = await Promise.all([requireIdentity(), readLook()]);
  return (
    <Shell session={session} railOpen={railOpen}>
      <AdminFrame>{children}</AdminFrame>
    </Shell>
  );
}
