import type { Metadata } from "next";
import type { ReactElement } from "react";

import { CachePage } from "#components/admin/cache/cache-page.tsx";

import { requireAdmin } from "../../signed-in.ts";

export const metadata: Metadata = { title: "Cache" };

export default async function Cache(): Promise<ReactElement> {
  await requireAdmin();
  return <CachePage />;
}
