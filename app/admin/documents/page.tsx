import type { Metadata } from "next";
import type { ReactElement } from "react";

import { DocumentsPage } from "#components/documents/documents-page.tsx";
import { Shell } from "#components/shell/shell.tsx";

import { readLook, requireIdentity } from "../../signed-in.ts";

export const metadata: Metadata = { title: "Documents" };

export default async function Documents(): Promise<ReactElement> {
  const [session, { railOpen }] = await Promise.all([requireIdentity(), readLook()]);
  return (
    <Shell session={session} railOpen={railOpen}>
      <DocumentsPage />
    </Shell>
  );
}
