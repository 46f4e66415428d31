import type { Metadata } from "next";
import type { ReactElement } from "react";

import { QueuePage } from "#components/admin/queue/queue-page.tsx";

import { requireAdmin } from "../../signed-in.ts";

export const metadata: Metadata = { title: "Queue" };

export default async function Queue(): Promise<ReactElement> {
  await requireAdmin();
  return <QueuePage />;
}
