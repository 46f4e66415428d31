import { contentStems } from "../chat/words.ts";
import { splitSentences } from "./sentences.ts";

/** What decides whether a passage says what a sentence says. */
export interface SupportMeasures {
  /** Share of the sentence's content words in the whole passage. */
  readonly passageShare: number;
  /** The same in the best two sentences that follow one another. */
  readonly nearestShare: number;
  /** Share of its neighbouring content words that stand side by side in the passage too. */
  readonly pairShare: number;
  /** A number, or a name, of the sentence is missing in the passage. */
  readonly missesNumber: boolean;
  readonly missesName: boolean;
  /** Nearness of the sentence to the nearest one of the passage; `null` when it could not be had. */
  readonly nearness: number | null;
}

interface SupportWeights {
  readonly bias: number;
  readonly passageShare: number;
  readonly nearestShare: number;
  readonly pairShare: number;
  readonly missesNumber: number;
  readonly missesName: number;
  readonly nearness: number;
}

// Logistic weights, fitted on WiCE and AttributionBench with the same weight for both and for both answers; what they give across folds
// and from one set to the other is in docs/decisions/2026-11-26-support-check.md.
const withNearness: SupportWeights = {
  bias: -2.79,
  passageShare: 0.92,
  nearestShare: 2.25,
  pairShare: 0.47,
  missesNumber: -2.02,
  missesName: -0.76,
  nearness: 1.89,
};
const byWords: SupportWeights = {
  bias: -1.52,
  passageShare: 0.09,
  nearestShare: 2.87,
  pairShare: 1.22,
  missesNumber: -1.83,
  missesName: -0.87,
  nearness: 0,
};

/** Probability that the passage says it, 0 to 1; from .5 on both answers are right equally often. */
export function supportProbability(measures: SupportMeasures): number {
  const weights = measures.nearness === null ? byWords : withNearness;
  const logit =
    weights.bias +
    weights.passageShare * measures.passageShare +
    weights.nearestShare * measures.nearestShare +
    weights.pairShare * measures.pairShare +
    (measures.missesNumber ? weights.missesNumber : 0) +
    (measures.missesName ? weights.missesName : 0) +
    weights.nearness * (measures.nearness ?? 0);
  return 1 / (1 + Math.exp(-logit));
}

/** The shares of a sentence's words that a passage holds: altogether, close together, side by side. */
export function sharesIn(
  sentence: string,
  passage: string,
): Pick<SupportMeasures, "passageShare" | "nearestShare" | "pairShare"> {
  const stems = contentStems(sentence);
  const wanted = new Set(stems);
  const held = splitSentences(passage).map(({ start, end }) =>
    contentStems(passage.slice(start, end)),
  );
  const share = (there: readonly string[]): number => {
    const holds = new Set(there);
    return [...wanted].filter((stem) => holds.has(stem)).length / Math.max(1, wanted.size);
  };
  const windows = held.map((own, at) => share([...own, ...(held[at + 1] ?? [])]));
  const pairs = new Set(pairsOf(stems));
  const passagePairs = new Set(held.flatMap(pairsOf));
  const shared = [...pairs].filter((pair) => passagePairs.has(pair)).length;
  return {
    passageShare: share(held.flat()),
    nearestShare: Math.max(0, ...windows),
    pairShare: pairs.size === 0 ? 0 : shared / pairs.size,
  };
}

const pairsOf = (stems: readonly string[]): readonly string[] =>
  stems.slice(1).map((stem, at) => `${stems[at] ?? ""} ${stem}`);
