import type { Metadata } from "next";
import type { ReactElement } from "react";

import { AccountPage } from "#components/account/account-page.tsx";
import { Shell } from "#components/shell/shell.tsx";

import { readLook, requireIdentity } from "../signed-in.ts";

export const metadata: Metadata = { title: "Your account" };

export default async function Account(): Promise<ReactElement> {
  const [session, { railOpen }] = await Promise.all([requireIdentity(), readLook()]);
  return (
    <Shell session={session} railOpen={railOpen}>
      <AccountPage />
    </Shell>
  );
}
