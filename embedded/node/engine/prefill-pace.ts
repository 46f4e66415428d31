/** Tokens given to the engine at once, so that a client who leaves frees the slot in well under a second. */
export interface PrefillPace {
  readonly nextBatchTokens: () => number;
  readonly measured: (tokens: number, ms: number) => void;
}

const smallest = 16;
const largest = 128;
const targetMs = 400;
const newest = 0.4;

/** Sizes batches by the measured speed: full batches where they are fast, smaller ones on a busy machine. */
export const createPrefillPace = (): PrefillPace => {
  let tokensPerMs = 0.15; // measured with SmolLM2-135M on one thread
  return {
    nextBatchTokens: () =>
      Math.max(smallest, Math.min(largest, Math.floor(tokensPerMs * targetMs))),
    measured: (tokens, ms) => {
      if (tokens < smallest || ms <= 0) return;
      tokensPerMs = tokensPerMs * (1 - newest) + (tokens / ms) * newest;
    },
  };
};
