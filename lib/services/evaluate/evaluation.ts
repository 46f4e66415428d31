import type { EvaluationFindings } from "../../core/evaluation/findings.ts";
import type { EvaluationData } from "../../ports/evaluation-data.ts";

export interface EvaluationRun {
  readonly data: EvaluationData;
  readonly signal: AbortSignal;
  /** One short line about where it stands. */
  readonly onProgress: (line: string) => void;
}

/** Takes the figures of one kind on one folder. Throws AppError `not_found` where the folder does not hold that kind of data. */
export type Evaluation = (run: EvaluationRun) => Promise<EvaluationFindings>;
