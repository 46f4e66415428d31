import { createStore, type Store } from "./store.ts";

export interface Announcement {
  readonly text: string;
  /** Tells the same sentence said twice apart. */
  readonly turn: number;
}

export interface Announcements {
  readonly spoken: Store<Announcement>;
  /** Has a whole sentence said, when those before it have had their second. */
  readonly announce: (text: string) => void;
}

const apartMs = 1_000;
/** Of more than this the oldest are no news any more. */
const mostWaiting = 3;

/** Sentences for screen readers, at most one a second: who says them faster has the reader hear none. */
export const createAnnouncements = (clock: {
  readonly nowMs: () => number;
  readonly later: (run: () => void, ms: number) => void;
}): Announcements => {
  const spoken = createStore<Announcement>({ text: "", turn: 0 });
  let waiting: readonly string[] = [];
  let freeAtMs = Number.NEGATIVE_INFINITY;
  let timed = false;

  const sayNext = (): void => {
    const [text, ...rest] = waiting;
    if (text === undefined || timed) return;
    const waitMs = freeAtMs - clock.nowMs();
    if (waitMs > 0) {
      timed = true;
      clock.later(() => {
        timed = false;
        sayNext();
      }, waitMs);
      return;
    }
    waiting = rest;
    freeAtMs = clock.nowMs() + apartMs;
    spoken.set(({ turn }) => ({ text, turn: turn + 1 }));
    sayNext();
  };

  return {
    spoken,
    announce: (text) => {
      if (waiting.at(-1) === text) return;
      waiting = [...waiting, text].slice(-mostWaiting);
      sayNext();
    },
  };
};
