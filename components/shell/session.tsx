"use client";

import { createContext, use, type ReactElement, type ReactNode } from "react";

import type { Session } from "#components/api/shapes.ts";

const SessionContext = createContext<Session | null>(null);

export const SessionProvider = ({
  session,
  children,
}: {
  readonly session: Session;
  readonly children: ReactNode;
}): ReactElement => <SessionContext value={session}>{children}</SessionContext>;

/** Who is signed in. Only for components inside the signed-in frame. */
export const useSession = (): Session => {
  const session = use(SessionContext);
  if (session === null) throw new Error("useSession outside the signed-in frame");
  return session;
};
