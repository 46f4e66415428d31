import { understands } from "../rag/embedder-languages.ts";
import type { Tally } from "./calibration.ts";
import { sameByEvidence } from "./evidence-form.ts";
import { areNearForms } from "./near-form.ts";
import { questionForm } from "./question-form.ts";
import type { VetoKind } from "./veto-kinds.ts";
import { vetoes, type Veto } from "./vetoes.ts";

/** Two wordings and what is known of how near they are. */
export interface WordingPair {
  readonly cached: string;
  readonly asked: string;
  /** Cosine of the two questions, -1 to 1. */
  readonly cosine: number;
}

/** What the passages found for the asked wording say, against the entry's quotes. */
export interface EvidenceAgreement {
  /** The entry's best quote is among the sentences that may answer the asked wording. */
  readonly findsBestQuote: boolean;
  /** The entry's best quote is what the asked wording would be given itself. */
  readonly quotesBest: boolean;
  /** The passages answer the asked wording. */
  readonly isAnswerable: boolean;
  /** The sentence that stands first in both answers, where there is one, and nothing is told beside the quotes; else `null`. */
  readonly sharedQuote: string | null;
  /** What was found for the asked wording. */
  readonly passages: readonly string[];
}

export type SemanticDecision =
  /**
   * `form`: the wordings differ only by what cannot change the answer. `words`: the same words, near enough by the calibrated limit.
   * `near-form`: near enough too, they differ by what seldom changes an answer, and the passages answer both with one sentence.
   * `evidence`: that sentence stands first in both answers and makes idle what the wordings differ by.
   */
  | { readonly kind: "same"; readonly by: "form" | "words" | "near-form" | "evidence" }
  | {
      readonly kind: "unproven";
      readonly vetoes: readonly Veto[];
      readonly reason: "form" | "veto" | "similarity" | "evidence";
    };

// A form that reads two questions alike which are far apart in meaning has misread one of them.
const leastFormCosine = 0.8;

/**
 * Similarity from which on equal words in another form are served, for all-MiniLM-L6-v2. Other embedders are not calibrated: they get
 * `null`. How it was found: docs/decisions/2026-11-26-answer-cache.md.
 */
export const wordsLimit = 0.9;

/** What was measured with one embedder: from which similarity on hits are served, and on how many labelled pairs that stands. */
export interface SemanticCalibration {
  /** For equal words in another form; `null` = not calibrated: form alone proves. */
  readonly words: number | null;
  /** For other words, when both wordings are answered alike; `null` = not calibrated. */
  readonly answers: number | null;
  /** Labelled pairs that the decision at serve time serves, contested ones set aside. */
  readonly tally: Tally;
}

const notMeasured: SemanticCalibration = {
  words: null,
  answers: null,
  tally: { served: 0, wrong: 0 },
};
const miniLm: SemanticCalibration = {
  words: wordsLimit,
  answers: 0.85,
  tally: { served: 1136, wrong: 0 },
};

/** @param embedder fingerprint that begins with the model's name, e.g. `all-minilm:latest …` */
export const calibrationOf = (embedder: string): SemanticCalibration =>
  /^all-minilm\b/i.test(embedder) ? miniLm : notMeasured;

export type SemanticLimits = Pick<SemanticCalibration, "words" | "answers">;
/** Not calibrated: form alone proves. */
export const formAlone: SemanticLimits = { words: null, answers: null };

/**
 * What is served of a question in these words: the calibration stands on English pairs, and of a script that the embedder never learnt
 * all questions lie near each other.
 */
export const limitsFor = (embedder: string, question: string): SemanticLimits =>
  understands(embedder.split(" ")[0] ?? "", [question]) ? calibrationOf(embedder) : formAlone;

// A word more or less may be idle; what these guards see never is.
const soft = new Set<VetoKind>(["word", "order"]);
export const isHard = ({ kind }: Veto): boolean => !soft.has(kind);

/**
 * Whether the cached wording asks what is asked now. Similarity only proposes: form, guards and evidence decide, and what they cannot
 * prove is a miss.
 * @param evidence `null` = not looked at: the pair alone decides
 */
export function decideSemantic(
  pair: WordingPair,
  evidence: EvidenceAgreement | null,
  limits: SemanticLimits,
): SemanticDecision {
  if (haveOneForm(pair)) return { kind: "same", by: "form" };
  const { cached, asked, cosine } = pair;
  const found = vetoes(cached, asked);
  if (found.length > 0 && !areNearForms(cached, asked))
    return isSaidAlike(pair, found, evidence, limits.answers)
      ? { kind: "same", by: "evidence" }
      : { kind: "unproven", vetoes: found, reason: "veto" };
  if (limits.words === null) return unproven("form");
  if (cosine < limits.words) return unproven("similarity");
  const by = found.length > 0 ? "near-form" : "words";
  return evidence === null || agrees(evidence, by) ? { kind: "same", by } : unproven("evidence");
}

function isSaidAlike(
  { cached, asked, cosine }: WordingPair,
  found: readonly Veto[],
  evidence: EvidenceAgreement | null,
  limit: number | null,
): boolean {
  if (evidence === null || limit === null || cosine < limit || found.some(isHard)) return false;
  const { sharedQuote: quote, passages, isAnswerable } = evidence;
  return isAnswerable && quote !== null && sameByEvidence(cached, asked, { quote, passages });
}

const agrees = (
  { findsBestQuote, quotesBest, isAnswerable }: EvidenceAgreement,
  by: "words" | "near-form",
): boolean => isAnswerable && (by === "words" ? findsBestQuote : quotesBest);

const unproven = (reason: "form" | "similarity" | "evidence"): SemanticDecision => ({
  kind: "unproven",
  vetoes: [],
  reason,
});

function haveOneForm({ cached, asked, cosine }: WordingPair): boolean {
  const form = questionForm(asked)?.text;
  return form !== undefined && form === questionForm(cached)?.text && cosine >= leastFormCosine;
}
