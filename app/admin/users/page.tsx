import type { Metadata } from "next";
import type { ReactElement } from "react";

import { UsersPage } from "#components/admin/users/users-page.tsx";

import { requireAdmin } from "../../signed-in.ts";

export const metadata: Metadata = { title: "Users" };

export default async function Users(): Promise<ReactElement> {
  await requireAdmin();
  return <UsersPage />;
}
