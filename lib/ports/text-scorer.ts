import type { ModelCall } from "../core/scheduling/work.ts";

/** More than this in one call would not be on screen in time. */
export const mostScoredTexts = 8;

export interface ScoringRequest {
  /** A question, or a claim. */
  readonly text: string;
  /** The text's own vector, where it is known already; it then costs nothing. */
  readonly vector: readonly number[] | null;
  /**
   * What of the text weighs as much as all of it together: a turn, where the text also says what it needs of the turns before it. Takes the
   * place of the last candidate.
   */
  readonly stressed?: string;
  /** What is held against it, the most promising first; those after the eighth are left out. */
  readonly candidates: readonly string[];
  /** How long the caller can wait, ms; `null`: until the deadline of the call. */
  readonly withinMs: number | null;
}

/**
 * A small encoder that says how near short texts are to one text: for the choice of evidence, the check of generated sentences and
 * whether a question is answered. One call scores everything.
 */
export interface TextScorer {
  /** Does nearness say anything about these texts? Not of languages that the encoder never learnt: there all texts lie near each other. */
  understands(texts: readonly string[]): boolean;
  /**
   * Nearness of the text and each candidate, -1 to 1, in their order. Only the first candidates are scored where the time does not
   * reach for all; `null` when there is no score at all: words have to decide then.
   * @throws the reason of the call's signal when aborted; never for want of a node
   */
  score(request: ScoringRequest, call: ModelCall): Promise<readonly number[] | null>;
}
