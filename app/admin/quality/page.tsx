import type { Metadata } from "next";
import type { ReactElement } from "react";

import { WorkPage } from "#components/admin/quality/work-page.tsx";

import { requireAdmin } from "../../signed-in.ts";

export const metadata: Metadata = { title: "Quality" };

export default async function Quality(): Promise<ReactElement> {
  await requireAdmin();
  return <WorkPage />;
}
