import type { Metadata } from "next";
import type { ReactElement } from "react";

import { AuditPage } from "#components/admin/audit/audit-page.tsx";

import { requireAdmin } from "../../signed-in.ts";

export const metadata: Metadata = { title: "Audit" };

export default async function Audit(): Promise<ReactElement> {
  await requireAdmin();
  return <AuditPage />;
}
