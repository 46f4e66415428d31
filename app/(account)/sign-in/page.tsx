import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import type { ReactElement } from "react";

import { SignInForm } from "#components/account/sign-in-form.tsx";
import { getContainer } from "#lib/container.ts";
import { type ErrorCode, errorCodes } from "#lib/core/errors/error-codes.ts";

import { transportFault } from "#lib/http/same-origin.ts";

import { readIdentity } from "../../signed-in.ts";

export const metadata: Metadata = { title: "Sign in" };

const sentenceFor = (code: string | string[] | undefined): string | null =>
  typeof code === "string" && Object.hasOwn(errorCodes, code)
    ? errorCodes[code as ErrorCode].message
    : null;

export default async function SignIn({
  searchParams,
}: {
  readonly searchParams: Promise<{ readonly problem?: string | string[] }>;
}): Promise<ReactElement> {
  if ((await readIdentity()) !== null) redirect("/");
  const { accounts, singleSignOn, config } = await getContainer();
  if (await accounts.open()) redirect("/setup");
  const transport = transportFault(await headers(), config.publicOrigin);
  return (
    <SignInForm
      transport={transport}
      providerName={singleSignOn.name}
      problem={sentenceFor((await searchParams).problem)}
    />
  );
}
