import { questionForm } from "./question-form.ts";
import { vetoes, type Veto } from "./vetoes.ts";

/** Two wordings and what is known of how near they are. */
export interface WordingPair {
  readonly cached: string;
  readonly asked: string;
  /** Cosine of the two questions, -1 to 1. */
  readonly cosine: number;
}

/** What the fresh evidence for the asked wording says, against the entry's. */
export interface EvidenceAgreement {
  /** Share of the entry's quoted sentences that the fresh choice quotes too, 0 to 1. */
  readonly quoteOverlap: number;
  /** The fresh choice's best sentence is one that the entry quotes. */
  readonly sameBestQuote: boolean;
  /** The fresh choice says that the documents answer. */
  readonly isAnswerable: boolean;
}

export type SemanticDecision =
  /** `form`: the wordings differ only by what cannot change the answer. `words`: the same words, near enough by the calibrated limit. */
  | { readonly kind: "same"; readonly by: "form" | "words" }
  | {
      readonly kind: "unproven";
      readonly vetoes: readonly Veto[];
      readonly reason: "form" | "veto" | "similarity" | "evidence";
    };

// A form that reads two questions alike which are far apart in meaning has misread one of them.
const leastFormCosine = 0.8;

/**
 * Whether the cached wording asks what is asked now. Similarity only proposes: form, guards and evidence decide, and what they cannot
 * prove is a miss.
 * @param limit calibrated similarity for equal words in another form; `null` = not calibrated: form alone proves
 */
export function decideSemantic(
  pair: WordingPair,
  evidence: EvidenceAgreement | null,
  limit: number | null,
): SemanticDecision {
  if (evidence !== null && !(evidence.isAnswerable && evidence.sameBestQuote))
    return { kind: "unproven", vetoes: [], reason: "evidence" };
  const form = questionForm(pair.asked)?.text;
  if (
    form !== undefined &&
    form === questionForm(pair.cached)?.text &&
    pair.cosine >= leastFormCosine
  )
    return { kind: "same", by: "form" };
  const found = vetoes(pair.cached, pair.asked);
  if (found.length > 0) return { kind: "unproven", vetoes: found, reason: "veto" };
  if (limit === null || pair.cosine < limit)
    return { kind: "unproven", vetoes: [], reason: limit === null ? "form" : "similarity" };
  return { kind: "same", by: "words" };
}
