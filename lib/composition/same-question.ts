import { join } from "node:path";
import { createEvaluationFolder } from "../adapters/files/evaluation-folder.ts";
import type { Clock } from "../ports/clock.ts";
import type { PairScorer } from "../ports/pair-scorer.ts";
import { readCacheData } from "../services/evaluate/cache-data.ts";
import type { QuietTime } from "../services/quiet-time.ts";
import { createSameQuestion, type SameQuestion } from "../services/same-question.ts";
import {
  createScorerCalibrations,
  type LabelledTexts,
  type ScorerCalibrations,
} from "../services/scorer-calibration.ts";
import type { TieredCache } from "../services/tiered-cache.ts";

export interface SameQuestionParts {
  readonly calibrations: ScorerCalibrations;
  readonly sameQuestion: SameQuestion;
}

/** A cross-encoder, where one is installed, trusted as far as the pairs of `assets/calibration` bear it out. */
export function composeSameQuestion(deps: {
  readonly scorer: PairScorer;
  readonly projectRoot: string;
  readonly tiers: Pick<TieredCache, "read" | "write">;
  readonly quiet: Pick<QuietTime, "run">;
  readonly clock: Clock;
}): SameQuestionParts {
  const { scorer, projectRoot, tiers, quiet, clock } = deps;
  const pairs = () => labelledPairs(projectRoot);
  const calibrations = createScorerCalibrations({ scorer, tiers, quiet, clock, pairs });
  const calibration = () => calibrations.current();
  return { calibrations, sameQuestion: createSameQuestion({ scorer, calibration, clock }) };
}

const labelledPairs = async (projectRoot: string): Promise<readonly LabelledTexts[]> => {
  const folder = createEvaluationFolder(join(projectRoot, "assets/calibration"));
  return (await readCacheData(folder)).pairs;
};
