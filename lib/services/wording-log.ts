import type { Actor } from "../core/access/actor.ts";
import type { Clock } from "../ports/clock.ts";
import type { CacheUpkeepStore, NewShadow, NotedWording } from "../ports/cache-upkeep-store.ts";

export interface SeenWording {
  readonly actor: Actor;
  readonly scope: string;
  readonly exactText: string;
  readonly question: string;
  readonly collectionIds: readonly string[];
}

/** What was asked and how it ended, held in memory until it is written: a look-up waits for no log. */
export interface WordingLog {
  asked(wording: SeenWording, missed: boolean): void;
  /** A hit that only a proof of equal wordings allowed; a share of them is answered once more at idle time. */
  servedOther(shadow: NewShadow, entryCreatedAt: Date): void;
  /** Writes what is held; what cannot be written is given up. */
  flush(): Promise<void>;
}

export interface WordingLogDeps {
  readonly store: Pick<CacheUpkeepStore, "note" | "addShadows">;
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly chance: () => number;
}

// Beyond these the log forgets rather than grows: popularity is read off many askings.
const mostHeld = 2000;
const youngMs = 24 * 3_600_000;
/** Share of the hits that is answered once more: an entry's first day tells most. */
const shadowShare = { young: 0.2, old: 0.05 };

export function createWordingLog({ store, clock, chance }: WordingLogDeps): WordingLog {
  let wordings = new Map<string, NotedWording>();
  let shadows: NewShadow[] = [];
  return {
    asked(wording, missed) {
      const key = JSON.stringify([wording.scope, wording.exactText]);
      const before = wordings.get(key);
      if (before === undefined && wordings.size >= mostHeld) return;
      wordings.set(key, {
        ...wording,
        asked: (before?.asked ?? 0) + 1,
        missed: missed || before?.missed === true,
        lastAskedAt: clock.wallTime(),
      });
    },
    servedOther(shadow, entryCreatedAt) {
      const ageMs = clock.wallTime().getTime() - entryCreatedAt.getTime();
      const share = ageMs < youngMs ? shadowShare.young : shadowShare.old;
      if (chance() < share && shadows.length < mostHeld) shadows.push(shadow);
    },
    async flush() {
      const [noted, added] = [[...wordings.values()], shadows];
      wordings = new Map();
      shadows = [];
      await store.note(noted);
      await store.addShadows(added);
    },
  };
}
