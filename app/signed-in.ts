import { cookies, headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";

import {
  parseTheme,
  railCookie,
  themeCookie,
  type Theme,
} from "#components/ui/cookie-preference.ts";
import { getContainer } from "#lib/container.ts";
import type { Identity } from "#lib/ports/accounts.ts";
import type { CollectionSummary } from "#lib/ports/collection-store.ts";

/** Who asks for a page; `null` for nobody. Read once for a layout and its page. */
export const readIdentity = cache(async (): Promise<Identity | null> => {
  const { accounts } = await getContainer();
  const session = await accounts.authenticate(await headers());
  return session === null ? null : await accounts.identity(session.actor);
});

/** Sends everyone who is not signed in to the page where they can be. */
export const requireIdentity = async (): Promise<Identity> => {
  const identity = await readIdentity();
  if (identity !== null) return identity;
  const { accounts } = await getContainer();
  redirect((await accounts.open()) ? "/setup" : "/sign-in");
};

/** What a person may ask in, for the first paint. */
export const readCollections = async ({
  user,
  workspace,
}: Identity): Promise<readonly CollectionSummary[]> => {
  const { collections } = await getContainer();
  return collections.list({ userId: user.id, workspaceId: workspace.id, role: user.role });
};

/** For pages of admins: to everyone else they do not exist. */
export const requireAdmin = async (): Promise<Identity> => {
  const identity = await requireIdentity();
  if (identity.user.role !== "admin") notFound();
  return identity;
};

/** Choices about the look, kept in cookies so that the first paint is right. */
export const readLook = async (): Promise<{
  readonly theme: Theme;
  readonly railOpen: boolean;
}> => {
  const jar = await cookies();
  return {
    theme: parseTheme(jar.get(themeCookie)?.value),
    railOpen: jar.get(railCookie)?.value !== "closed",
  };
};
