import type { Actor } from "../core/access/actor.ts";
import { AppError } from "../core/errors/app-error.ts";
import type { SessionReader } from "../ports/accounts.ts";

/** How soon an open connection notices that its session was ended elsewhere. */
const everyMs = 1_000;

interface Watched {
  readonly sessionId: string;
  readonly need: Actor["role"];
  readonly ended: AbortController;
}

type Standing = Pick<SessionReader, "standing">;

/** Looks after all open connections of a process with one question a round, however many there are. */
function createSessionWatch(accounts: Standing) {
  const watched = new Set<Watched>();
  let timer: NodeJS.Timeout | undefined;
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    const looked = [...watched];
    try {
      const standing = await accounts.standing(looked.map(({ sessionId }) => sessionId));
      for (const { sessionId, need, ended } of looked) {
        const role = standing.get(sessionId);
        const holds = role !== undefined && (need === "member" || role === "admin");
        if (!holds) ended.abort(new AppError("unauthenticated", {}));
      }
    } catch {
      // The database is away for a moment: nothing is known, so nothing is cut.
    } finally {
      looking = false;
    }
  };
  return {
    add(one: Watched): void {
      watched.add(one);
      timer ??= setInterval(() => void look(), everyMs).unref();
    },
    remove(one: Watched): void {
      watched.delete(one);
      if (watched.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    },
  };
}

const watches = new WeakMap<Standing, ReturnType<typeof createSessionWatch>>();

/** A signal that aborts when the client leaves or the session it came with ends: sign-out closes open streams too. */
export function whileSessionHolds(
  accounts: Standing,
  {
    request,
    session,
  }: { readonly request: Request; readonly session: { readonly sessionId: string } },
  need: Actor["role"] = "member",
): { readonly signal: AbortSignal; stop(): void } {
  const watch = watches.get(accounts) ?? createSessionWatch(accounts);
  watches.set(accounts, watch);
  const one = { sessionId: session.sessionId, need, ended: new AbortController() };
  watch.add(one);
  return {
    signal: AbortSignal.any([request.signal, one.ended.signal]),
    stop() {
      watch.remove(one);
    },
  };
}
