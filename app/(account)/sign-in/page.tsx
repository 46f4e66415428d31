import type { Metadata } from "next";
import { redirect } from "next/navigation";
import type { ReactElement } from "react";

import { SignInForm } from "#components/account/sign-in-form.tsx";
import { getContainer } from "#lib/container.ts";

import { readIdentity } from "../../signed-in.ts";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignIn(): Promise<ReactElement> {
  if ((await readIdentity()) !== null) redirect("/");
  const { accounts } = await getContainer();
  if (await accounts.open()) redirect("/setup");
  return <SignInForm />;
}
