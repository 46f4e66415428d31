import type { Metadata } from "next";
import type { ReactElement } from "react";

import { FlaggedPage } from "#components/admin/flagged/flagged-page.tsx";

import { requireAdmin } from "../../signed-in.ts";

export const metadata: Metadata = { title: "Flagged passages" };

export default async function Flagged(): Promise<ReactElement> {
  await requireAdmin();
  return <FlaggedPage />;
}
