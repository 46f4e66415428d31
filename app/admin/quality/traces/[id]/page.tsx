import type { Metadata } from "next";
import type { ReactElement } from "react";

import { TracePage } from "#components/admin/quality/trace-page.tsx";

import { requireAdmin } from "../../../../signed-in.ts";

export const metadata: Metadata = { title: "Trace of an answer" };

export default async function Trace({
  params,
}: {
  readonly params: Promise<{ readonly id: string }>;
}): Promise<ReactElement> {
  await requireAdmin();
  return <TracePage answerId={(await params).id} />;
}
