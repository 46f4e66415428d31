import { AppError } from "../core/errors/app-error.ts";
import type { SessionReader } from "../ports/accounts.ts";

/** How soon an open connection notices that its session was ended elsewhere. */
const defaultEveryMs = 1_000;

/** A signal that aborts when the client leaves or the session it came with ends: sign-out closes open streams too. */
export function whileSessionHolds(
  accounts: SessionReader,
  request: Request,
  need: "member" | "admin" = "member",
  everyMs: number = defaultEveryMs,
): { readonly signal: AbortSignal; stop(): void } {
  const ended = new AbortController();
  const headers = new Headers({ cookie: request.headers.get("cookie") ?? "" });
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    try {
      const session = await accounts.authenticate(headers);
      const holds = session !== null && (need === "member" || session.actor.role === "admin");
      if (!holds) ended.abort(new AppError("unauthenticated", {}));
    } catch {
      // The database is away for a moment: nothing is known, so nothing is cut.
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return {
    signal: AbortSignal.any([request.signal, ended.signal]),
    stop() {
      clearInterval(timer);
    },
  };
}
