import type { Sampling } from "./run-options.ts";

/** Even numbers in [0, 1) from a seed (mulberry32). */
const createRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

/** As many of the likeliest as together reach `share` of what is given. */
const nucleus = (probabilities: readonly number[], share: number): number => {
  const total = probabilities.reduce((sum, value) => sum + value, 0);
  let reached = 0;
  for (const [index, value] of probabilities.entries()) {
    reached += value;
    if (reached >= share * total) return index + 1;
  }
  return probabilities.length;
};

/**
 * Samples from the model's untouched probabilities in the engine's own order: top_k, top_p, min_p, temperature.
 * Used where the answer must state log probabilities, because the engine tells them only without its own sampling.
 */
export const createRawSampler = (
  sampling: Sampling,
): (<Token>(likeliestFirst: readonly (readonly [Token, number])[]) => Token | undefined) => {
  const random = createRandom(sampling.seed);
  return (likeliestFirst) => {
    if (sampling.temperature <= 0) return likeliestFirst[0]?.[0];
    const first = likeliestFirst.slice(
      0,
      sampling.topK > 0 ? sampling.topK : likeliestFirst.length,
    );
    const kept = first.slice(
      0,
      nucleus(
        first.map(([, value]) => value),
        sampling.topP,
      ),
    );
    const floor = sampling.minP * (kept[0]?.[1] ?? 0);
    const candidates = kept.filter(([, value]) => value >= floor);
    const weights = candidates.map(([, value]) => value ** (1 / sampling.temperature));
    let left = random() * weights.reduce((sum, value) => sum + value, 0);
    const index = weights.findIndex((weight) => (left -= weight) < 0);
    return candidates.at(index)?.[0];
  };
};
