import type { Clock } from "../ports/clock.ts";

/** Asks whether a refused question needs no node. `false` when that is not known in time. */
export type LookOfTheRefused = (look: () => Promise<boolean>) => Promise<boolean>;

/** In a rush they come by the hundred, and must not take the database from the searches of those who were let in. */
const mostAtOnce = 2;

/**
 * A refusal comes soon, whatever the database is at: who is not told within `withinMs` counts as not known, and a look whose turn comes
 * later than that is not made.
 */
export function createLooksOfTheRefused(clock: Clock, withinMs: number): LookOfTheRefused {
  const waiting: (() => void)[] = [];
  let busy = 0;

  const enter = async (): Promise<void> => {
    if (busy >= mostAtOnce) await new Promise<void>((admitted) => waiting.push(admitted));
    else busy += 1;
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) busy -= 1;
    else next();
  };

  return async (look) => {
    const inTime = new AbortController();
    const state = { isLate: false };
    const inTurn = async (): Promise<boolean> => {
      await enter();
      try {
        return state.isLate ? false : await look();
      } finally {
        leave();
      }
    };
    const late = clock.sleep(withinMs, inTime.signal).then(
      () => {
        state.isLate = true;
        return false;
      },
      () => false,
    );
    const looked = inTurn();
    try {
      return await Promise.race([looked, late]);
    } finally {
      inTime.abort();
      // Nobody waits for one that fails late.
      looked.catch(() => undefined);
    }
  };
}
