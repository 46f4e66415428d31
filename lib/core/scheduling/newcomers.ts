import type { Milliseconds } from "../time/milliseconds.ts";
import type { Waiter } from "./waiter.ts";

/** The last requests that came, as a guess of those that will: they overtake some of those who wait now. */
export interface Newcomers {
  readonly entered: (waiter: Waiter, now: Milliseconds) => void;
  /** Those of the last half minute and the time between two of them; `null` when they are too few to say anything of a pace. */
  readonly recent: (now: Milliseconds) => {
    readonly waiters: readonly Waiter[];
    readonly everyMs: number;
  } | null;
  /** The last ones, however long ago. */
  readonly last: () => readonly Waiter[];
}

const remembered = 64;
const windowMs = 30_000;
const fewest = 8;

export function createNewcomers(): Newcomers {
  let last: readonly { readonly waiter: Waiter; readonly at: Milliseconds }[] = [];
  return {
    entered(waiter, at) {
      last = [...last.slice(1 - remembered), { waiter, at }];
    },
    last: () => last.map(({ waiter }) => waiter),
    recent(now) {
      const recent = last.filter(({ at }) => now - at < windowMs);
      const since = recent[0]?.at ?? now;
      if (recent.length < fewest) return null;
      return {
        waiters: recent.map(({ waiter }) => waiter),
        everyMs: Math.max((now - since) / recent.length, 1),
      };
    },
  };
}
