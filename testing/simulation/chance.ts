/** Seeded randomness: the same seed gives the same sequence on every machine. */
export interface Chance {
  /** From 0 to below 1. */
  readonly next: () => number;
  readonly below: (limit: number) => number;
  readonly exponential: (mean: number) => number;
  readonly normal: () => number;
  /** By its mean and its coefficient of variation. */
  readonly logNormal: (mean: number, cv: number) => number;
  /** An index, each with its weight. */
  readonly weighted: (weights: readonly number[]) => number;
}

/** mulberry32 */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const exponential = (mean: number): number => -mean * Math.log(1 - next());
  const normal = (): number => Math.sqrt(2 * exponential(1)) * Math.cos(2 * Math.PI * next());
  return {
    next,
    exponential,
    normal,
    below: (limit) => Math.floor(next() * limit),
    logNormal(mean, cv) {
      const variance = Math.log(1 + cv * cv);
      return Math.exp(Math.log(mean) - variance / 2 + Math.sqrt(variance) * normal());
    },
    weighted(weights) {
      let left = next() * weights.reduce((sum, weight) => sum + weight, 0);
      for (const [index, weight] of weights.entries()) {
        left -= weight;
        if (left < 0) return index;
      }
      return weights.length - 1;
    },
  };
}
