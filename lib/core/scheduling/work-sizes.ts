import type { WorkClass } from "./work-class.ts";

/** A request whose size is to be told before it runs. */
export interface SizedRequest {
  readonly model: string;
  readonly class: WorkClass;
  /** By the tokeniser-free estimate from its text. */
  readonly estimatedPromptTokens: number;
  readonly maxOutputTokens: number;
}

export interface PredictedSize {
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** Predicts the size of requests from those that have ended: the node's own counts correct the estimates, model by model. */
export interface WorkSizes {
  readonly predict: (request: SizedRequest) => PredictedSize;
  /** What the node counted in the end. */
  readonly learn: (request: SizedRequest, counted: PredictedSize) => void;
}

const newShare = 0.2;
// Estimates further off than this are a fault of the count, not of the tokeniser.
const mostCorrection = 4;
const assumedShareOfLimit = 0.5;
const mostAssumedOutput = 200;

export function createWorkSizes(): WorkSizes {
  const corrections = new Map<string, number>();
  const outputs = new Map<string, number>();
  const blend = (table: Map<string, number>, key: string, value: number): void => {
    const before = table.get(key);
    table.set(key, before === undefined ? value : before + newShare * (value - before));
  };

  return {
    predict(request) {
      const { model, estimatedPromptTokens, maxOutputTokens } = request;
      const promptTokens = Math.round(estimatedPromptTokens * (corrections.get(model) ?? 1));
      const known = keysOf(request)
        .map((key) => outputs.get(key))
        .find((mean) => mean !== undefined);
      const assumed = Math.min(maxOutputTokens * assumedShareOfLimit, mostAssumedOutput);
      const outputTokens = Math.round(Math.min(known ?? assumed, maxOutputTokens));
      return { promptTokens, outputTokens };
    },
    learn(request, counted) {
      const { model, estimatedPromptTokens } = request;
      if (counted.promptTokens > 0 && estimatedPromptTokens > 0) {
        const ratio = counted.promptTokens / estimatedPromptTokens;
        const bounded = Math.min(Math.max(ratio, 1 / mostCorrection), mostCorrection);
        blend(corrections, model, bounded);
      }
      for (const key of keysOf(request)) blend(outputs, key, counted.outputTokens);
    },
  };
}

/** From the closest likeness to the widest: same limit and prompt of about the same length, same limit, same class. */
function keysOf({
  model,
  class: workClass,
  estimatedPromptTokens,
  maxOutputTokens,
}: SizedRequest): readonly string[] {
  const length = Math.round(Math.log2(Math.max(estimatedPromptTokens, 1)) / 2);
  const kind = `${model} ${workClass}`;
  const limit = `${kind} ${String(maxOutputTokens)}`;
  return [`${limit} ${String(length)}`, limit, kind];
}
