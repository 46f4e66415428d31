import { contentStems } from "../chat/words.ts";
import { splitSentences } from "./sentences.ts";

/** What decides whether a passage says what a sentence says. */
export interface SupportMeasures {
  /** Share of the sentence's content words in the whole passage. */
  readonly passageShare: number;
  /** The same in the best two sentences that follow one another. */
  readonly nearestShare: number;
  /** The best one sentence's share of each clause's words, on average over its clauses. */
  readonly clauseShare: number;
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
  readonly clauseShare: number;
  readonly pairShare: number;
  readonly missesNumber: number;
  readonly missesName: number;
  readonly nearness: number;
}

// Logistic weights, fitted on WiCE and AttributionBench, which counts twice, with the same weight for both answers; what they give
// across folds is in docs/decisions/2026-11-26-support-check.md.
const withNearness: SupportWeights = {
  bias: -2.75,
  passageShare: -0.32,
  nearestShare: 1.75,
  clauseShare: 1.15,
  pairShare: 0.71,
  missesNumber: -1.75,
  missesName: -0.65,
  nearness: 2.29,
};
const byWords: SupportWeights = {
  bias: -1.51,
  passageShare: -0.55,
  nearestShare: 2.15,
  clauseShare: 1.34,
  pairShare: 1.16,
  missesNumber: -1.67,
  missesName: -0.7,
  nearness: 0,
};

/** Probability that the passage says it, 0 to 1; from .5 on both answers are right equally often. */
export function supportProbability(measures: SupportMeasures): number {
  const weights = measures.nearness === null ? byWords : withNearness;
  const logit =
    weights.bias +
    weights.passageShare * measures.passageShare +
    weights.nearestShare * measures.nearestShare +
    weights.clauseShare * measures.clauseShare +
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
): Pick<SupportMeasures, "passageShare" | "nearestShare" | "clauseShare" | "pairShare"> {
  const stems = contentStems(sentence);
  const wanted = new Set(stems);
  const held = splitSentences(passage).map(({ start, end }) =>
    contentStems(passage.slice(start, end)),
  );
  const windows = held.map((own, at) => shareOf(wanted, [...own, ...(held[at + 1] ?? [])]));
  const clauses = clausesOf(sentence).map((clause) =>
    Math.max(0, ...held.map((own) => shareOf(clause, own))),
  );
  const pairs = new Set(pairsOf(stems));
  const passagePairs = new Set(held.flatMap(pairsOf));
  const shared = [...pairs].filter((pair) => passagePairs.has(pair)).length;
  return {
    passageShare: shareOf(wanted, held.flat()),
    nearestShare: Math.max(0, ...windows),
    clauseShare: clauses.reduce((sum, each) => sum + each, 0) / Math.max(1, clauses.length),
    pairShare: pairs.size === 0 ? 0 : shared / pairs.size,
  };
}

function shareOf(wanted: ReadonlySet<string>, there: readonly string[]): number {
  const holds = new Set(there);
  return [...wanted].filter((stem) => holds.has(stem)).length / Math.max(1, wanted.size);
}

const clauseEnds =
  /[,;:–—]\s|\s(?:and|but|which|who|that|while|because|when|where|after|before|although)\s/;
const leastClauseWords = 2;

/** Content words clause by clause; a sentence without clauses of its own is one. */
function clausesOf(sentence: string): readonly ReadonlySet<string>[] {
  const clauses = sentence
    .split(clauseEnds)
    .map((clause) => new Set(contentStems(clause)))
    .filter((stems) => stems.size >= leastClauseWords);
  return clauses.length > 0 ? clauses : [new Set(contentStems(sentence))];
}

const pairsOf = (stems: readonly string[]): readonly string[] =>
  stems.slice(1).map((stem, at) => `${stems[at] ?? ""} ${stem}`);
