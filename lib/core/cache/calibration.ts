/** What was seen of one decision: pairs or shadow regenerations, and how many of them were wrong. */
export interface Tally {
  readonly served: number;
  readonly wrong: number;
}

/** Share of wrong answers among served semantic hits that Drover accepts (DESIGN.md section 1, promise 4). */
export const errorBudget = 0.005;
export const confidence = 0.95;

/**
 * One-sided upper bound on the true share of wrong hits, 0 to 1 (Clopper and Pearson 1934): the share at which seeing no more than
 * `wrong` errors would have a probability of 1 − `level`. Nothing seen bounds nothing: 1.
 */
export function upperBound({ served, wrong }: Tally, level = confidence): number {
  if (served === 0 || wrong >= served) return 1;
  let low = wrong / served;
  let high = 1;
  for (let step = 0; step < 60; step += 1) {
    const share = (low + high) / 2;
    if (atMost(wrong, served, share) > 1 - level) low = share;
    else high = share;
  }
  return high;
}

/** Probability of at most `wrong` errors among `served` at a true share, summed in logarithms so that thousands do not underflow. */
function atMost(wrong: number, served: number, share: number): number {
  if (share <= 0) return 1;
  if (share >= 1) return 0;
  let term = served * Math.log1p(-share);
  let sum = Math.exp(term);
  for (let count = 1; count <= wrong; count += 1) {
    term += Math.log((served - count + 1) / count) + Math.log(share) - Math.log1p(-share);
    sum += Math.exp(term);
  }
  return Math.min(sum, 1);
}

/** One labelled pair: how similar the questions were, and whether the one's answer was right for the other. */
export interface LabelledPair {
  readonly similarity: number;
  readonly same: boolean;
}

export interface CalibratedLimit {
  /** Similarity from which on hits are served; `null` = no limit keeps to the budget, the tier stays off. */
  readonly limit: number | null;
  readonly tally: Tally;
  readonly bound: number;
}

/** The lowest similarity at which the pairs that would be served keep the upper bound within `budget`. */
export function calibrate(pairs: readonly LabelledPair[], budget: number): CalibratedLimit {
  const falling = [...pairs].sort((one, other) => other.similarity - one.similarity);
  let best: CalibratedLimit = { limit: null, tally: { served: 0, wrong: 0 }, bound: 1 };
  let wrong = 0;
  falling.forEach((pair, index) => {
    if (!pair.same) wrong += 1;
    // Pairs of equal similarity are served together or not at all.
    if (falling[index + 1]?.similarity === pair.similarity) return;
    const tally = { served: index + 1, wrong };
    const bound = upperBound(tally);
    if (bound <= budget) best = { limit: pair.similarity, tally, bound };
  });
  return best;
}

/** What the semantic tier does with what shadow regeneration has found so far. */
export type SemanticState = "serving" | "measuring" | "off";

// Below this many samples even a faultless run cannot show that it is too bad: the judgement waits for them.
const fewestErrorsToStop = 2;

/**
 * `off` when errors among the shadowed hits make it likelier than not that the budget is passed: the lower bound of their share lies
 * above it, or several came in a short run. `measuring` until the upper bound is within the budget; hits are served meanwhile only where
 * the form of the question proves them.
 */
export function semanticState(shadow: Tally, budget = errorBudget): SemanticState {
  if (shadow.wrong >= fewestErrorsToStop && shadow.wrong / shadow.served > budget) return "off";
  return upperBound(shadow) <= budget ? "serving" : "measuring";
}
