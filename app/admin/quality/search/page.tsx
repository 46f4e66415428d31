import type { Metadata } from "next";
import type { ReactElement } from "react";

import { SearchPage } from "#components/admin/quality/search-page.tsx";

import { requireAdmin } from "../../../signed-in.ts";

export const metadata: Metadata = { title: "Try a search" };

export default async function Search(): Promise<ReactElement> {
  await requireAdmin();
  return <SearchPage />;
}
