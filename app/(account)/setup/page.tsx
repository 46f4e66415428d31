import type { Metadata } from "next";
import type { ReactElement } from "react";

import { SetupClosed, SetupForm } from "#components/account/setup-form.tsx";
import { getContainer } from "#lib/container.ts";

export const metadata: Metadata = { title: "Set up" };

export default async function Setup(): Promise<ReactElement> {
  const { accounts } = await getContainer();
  return (await accounts.open()) ? <SetupForm /> : <SetupClosed />;
}
