import type { Metadata } from "next";
import type { ReactElement } from "react";

import { DocumentsPage } from "#components/documents/documents-page.tsx";

import { requireIdentity } from "../../signed-in.ts";

export const metadata: Metadata = { title: "Documents" };

export default async function Documents(): Promise<ReactElement> {
  await requireIdentity();
  return <DocumentsPage />;
}
