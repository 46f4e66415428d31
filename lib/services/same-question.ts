import type { Actor } from "../core/access/actor.ts";
import { isSameByScore, type ScorerCalibration } from "../core/cache/scored-pair.ts";
import { milliseconds } from "../core/time/milliseconds.ts";
import type { ModelCall } from "../local-models.ts";
import type { Clock } from "../ports/clock.ts";
import type { PairScorer } from "../ports/pair-scorer.ts";
import { idleCall } from "./idle-answers.ts";
import { scoresBothWays } from "./scorer-calibration.ts";

/** Whether two wordings ask the same, by a calibrated cross-encoder. Without one, or when it fails or is late: no. */
export interface SameQuestion {
  /** While the asker waits: a scorer that is known to be slower than that is not asked. */
  atOnce(actor: Actor, cached: string, asked: string): Promise<boolean>;
  atIdle(cached: string, asked: string, signal: AbortSignal): Promise<boolean>;
  /** 0 to 1, whatever it is worth; `null`: no scorer says anything. */
  score(one: string, other: string, call: ModelCall): Promise<number | null>;
}

export interface SameQuestionDeps {
  readonly scorer: PairScorer;
  readonly calibration: () => ScorerCalibration | null;
  readonly clock: Clock;
}

/** A hit is worth it; a miss pays it for a near wording that only the scorer could tell. */
const patienceMs = 60;

export function createSameQuestion({ scorer, calibration, clock }: SameQuestionDeps): SameQuestion {
  const scoreOf = async (one: string, other: string, call: ModelCall): Promise<number | null> =>
    (await scoresBothWays(scorer, [[one, other]], call))?.[0] ?? null;
  const isSame = async (cached: string, asked: string, call: ModelCall): Promise<boolean> => {
    const calibrated = calibration();
    if (calibrated?.limit == null) return false;
    const score = await scoreOf(cached, asked, call);
    // Other weights meanwhile: the score is not of what was calibrated.
    return score !== null && calibration() === calibrated && isSameByScore(score, calibrated);
  };
  return {
    score: scoreOf,
    async atOnce({ userId }, cached, asked) {
      if ((calibration()?.pairMs ?? Infinity) > patienceMs) return false;
      const signal = clock.timeout(patienceMs);
      const deadline = milliseconds(clock.now() + patienceMs);
      const call = { class: "interactive", client: userId, deadline, signal } as const;
      return isSame(cached, asked, call).catch(() => false);
    },
    atIdle: (cached, asked, signal) => isSame(cached, asked, idleCall(clock, signal)),
  };
}
