import type { Llama } from "node-llama-cpp";
import { loadOneAtATime, type ContextOptions } from "./one-at-a-time.ts";

/** A loaded cross-encoder: it reads two texts together. One pair at a time. */
export interface RankRunner {
  readonly kind: "rerank";
  readonly numCtx: number;
  readonly memoryBytes: number;
  /** Tokens that the pair takes with the model's own marks. */
  readonly tokensOf: (query: string, document: string) => number;
  /** What the model says of the pair, 0 to 1; waits for its turn, leaves the queue at once on abort. */
  readonly rank: (query: string, document: string, signal: AbortSignal) => Promise<number>;
  readonly dispose: () => Promise<void>;
}

export const loadRankRunner = async (
  llama: Llama,
  options: ContextOptions,
): Promise<RankRunner> => {
  const { context, inTurn, dispose } = await loadOneAtATime(llama, options, (model, how) =>
    model.createRankingContext(how),
  );
  return {
    kind: "rerank",
    numCtx: options.numCtx,
    memoryBytes: options.fileBytes,
    tokensOf: (query, document) => context.calculateInputLength(query, document),
    rank: (query, document, signal) => inTurn(signal, () => context.rank(query, document)),
    dispose,
  };
};
