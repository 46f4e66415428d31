import type { Llama } from "node-llama-cpp";
import { createFifoSlots } from "./fifo-slots.ts";

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

/** The engine wants a window one token larger than the longest input. */
const spareTokens = 1;

/** @param numCtx longest pair, tokens with the model's own marks */
export const loadRankRunner = async (
  llama: Llama,
  options: {
    readonly path: string;
    readonly numCtx: number;
    readonly threads: number;
    readonly fileBytes: number;
  },
): Promise<RankRunner> => {
  const { numCtx, threads } = options;
  const model = await llama.loadModel({ modelPath: options.path, ignoreMemorySafetyChecks: true });
  const context = await model.createRankingContext({
    contextSize: numCtx + spareTokens,
    batchSize: numCtx,
    threads,
    ignoreMemorySafetyChecks: true,
  });
  const queue = createFifoSlots(["only"]);
  return {
    kind: "rerank",
    numCtx,
    memoryBytes: options.fileBytes,
    tokensOf: (query, document) => context.calculateInputLength(query, document),
    rank: async (query, document, signal) => {
      const slot = await queue.take(signal);
      try {
        return await context.rank(query, document);
      } finally {
        queue.giveBack(slot);
      }
    },
    dispose: async () => {
      await queue.close(); // freeing memory that the engine still works on ends the process
      await context.dispose();
      await model.dispose();
    },
  };
};
