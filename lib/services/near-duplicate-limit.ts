import {
  areNearDuplicates,
  wordMarks,
  type WordMarks,
} from "../core/cache/near-duplicate-questions.ts";
import type { Milliseconds } from "../core/time/milliseconds.ts";
import type { Clock } from "../ports/clock.ts";

/** Holds back who asks the cache wording after wording of one thing, to find one that it takes for another or to fill it with them. */
export interface NearDuplicateLimit {
  /** Whether the asker has had their share of distinct near-duplicates. Equal texts count once. */
  holdsBack(asker: string, exactText: string): boolean;
}

/** Distinct near-duplicates of an asker that may be compared and kept in an hour: more than people need who rephrase or go down a list. */
export const nearDuplicatesAnHour = 60;
const hourMs = 3_600_000;
/** Questions of an asker that a new one is compared with. */
const mostCompared = 120;
const mostAskers = 2000;

interface Question {
  readonly exactText: string;
  readonly marks: WordMarks;
  readonly at: Milliseconds;
  readonly isHeldBack: boolean;
}

interface Asker {
  readonly questions: readonly Question[];
  /** When each of the share was used. */
  readonly spentAt: readonly Milliseconds[];
}

const nobodyYet: Asker = { questions: [], spentAt: [] };

/** In this process alone: with several of them an asker has a share in each. */
export function createNearDuplicateLimit(clock: Pick<Clock, "now">): NearDuplicateLimit {
  const byAsker = new Map<string, Asker>();
  const remember = (name: string, asker: Asker): void => {
    byAsker.delete(name);
    byAsker.set(name, asker);
    for (const oldest of byAsker.keys()) {
      if (byAsker.size <= mostAskers) break;
      byAsker.delete(oldest);
    }
  };
  return {
    holdsBack(name, exactText) {
      const now = clock.now();
      const before = byAsker.get(name) ?? nobodyYet;
      const questions = before.questions.filter(({ at }) => now - at < hourMs);
      const spentAt = before.spentAt.filter((at) => now - at < hourMs);
      const same = questions.find((question) => question.exactText === exactText);
      if (same !== undefined) return same.isHeldBack;
      const marks = wordMarks(exactText);
      const isNear = questions.some((question) => areNearDuplicates(question.marks, marks));
      const isHeldBack = isNear && spentAt.length >= nearDuplicatesAnHour;
      remember(name, {
        questions: [...questions, { exactText, marks, at: now, isHeldBack }].slice(-mostCompared),
        spentAt: isNear && !isHeldBack ? [...spentAt, now] : spentAt,
      });
      return isHeldBack;
    },
  };
}
