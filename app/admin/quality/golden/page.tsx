import type { Metadata } from "next";
import type { ReactElement } from "react";

import { GoldenPage } from "#components/admin/quality/golden-page.tsx";

import { requireAdmin } from "../../../signed-in.ts";

export const metadata: Metadata = { title: "Golden questions" };

export default async function Golden(): Promise<ReactElement> {
  await requireAdmin();
  return <GoldenPage />;
}
