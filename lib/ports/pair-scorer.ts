import type { ModelCall } from "../core/scheduling/work.ts";

export type TextPair = readonly [one: string, other: string];

/** A cross-encoder: it reads two texts together and says how surely they ask the same. */
export interface PairScorer {
  /** Model, weights and engine, which a calibration belongs to; `null`: none is installed where work is taken. */
  fingerprint(): string | null;
  /**
   * 0 to 1 for each pair, read in this order of its texts. `null` when there is no score: no scorer, no node, a fault or no time left.
   * @throws the reason of the call's signal when aborted; nothing else
   */
  score(pairs: readonly TextPair[], call: ModelCall): Promise<readonly number[] | null>;
}
