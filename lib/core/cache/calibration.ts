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

/** What the semantic tier does with what was calibrated and what shadow answers have found so far. */
export type SemanticState = "serving" | "measuring" | "off";

// One disagreement may be a document that changed meanwhile; from the second on the share counts.
const fewestErrorsToStop = 2;

/**
 * `off` when the share of errors among the shadowed hits is above the budget, by more than one of them. `measuring` until the upper bound
 * on calibration and shadow answers together is within the budget: meanwhile only what the form of the question proves is served.
 * @param calibrated labelled pairs that the decision in use would serve; none for an embedder that was not measured
 */
export function semanticState(
  shadow: Tally,
  calibrated: Tally,
  budget = errorBudget,
): SemanticState {
  if (shadow.wrong >= fewestErrorsToStop && shadow.wrong / shadow.served > budget) return "off";
  return upperBound(summed(calibrated, shadow)) <= budget ? "serving" : "measuring";
}

export const summed = (one: Tally, other: Tally): Tally => ({
  served: one.served + other.served,
  wrong: one.wrong + other.wrong,
});
