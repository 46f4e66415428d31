import type { Metadata } from "next";
import type { ReactElement } from "react";

import { SettingsPage } from "#components/admin/settings/settings-page.tsx";

import { requireAdmin } from "../../signed-in.ts";

export const metadata: Metadata = { title: "Settings" };

export default async function Settings(): Promise<ReactElement> {
  await requireAdmin();
  return <SettingsPage />;
}
