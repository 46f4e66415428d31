/** A decision with what is true. */
export interface Decided {
  readonly truth: boolean;
  readonly said: boolean;
}

const shareSaid = (decided: readonly Decided[], truth: boolean, said: boolean): number => {
  const those = decided.filter((one) => one.truth === truth);
  return those.length === 0 ? 0 : those.filter((one) => one.said === said).length / those.length;
};

/** Mean of the shares of true and of false ones that were decided rightly, 0 to 1; .5 = chance. */
export const balancedAccuracy = (decided: readonly Decided[]): number =>
  (shareSaid(decided, true, true) + shareSaid(decided, false, false)) / 2;

/** The threshold on one score that divides these best by balanced accuracy; at or above it is a yes. */
export function bestThreshold(
  scored: readonly { readonly truth: boolean; readonly score: number }[],
): number {
  let best = { threshold: 0, accuracy: -1 };
  for (const threshold of new Set(scored.map(({ score }) => score))) {
    const accuracy = balancedAccuracy(
      scored.map(({ truth, score }) => ({ truth, said: score >= threshold })),
    );
    if (accuracy > best.accuracy) best = { threshold, accuracy };
  }
  return best.threshold;
}
