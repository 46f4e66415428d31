import type { Metadata } from "next";
import type { ReactElement } from "react";

import { ClusterPage } from "#components/admin/cluster/cluster-page.tsx";

import { requireAdmin } from "../signed-in.ts";

export const metadata: Metadata = { title: "Cluster" };

export default async function Cluster(): Promise<ReactElement> {
  await requireAdmin();
  return <ClusterPage />;
}
