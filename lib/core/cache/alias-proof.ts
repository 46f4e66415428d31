import type { AnswerSnapshot } from "../chat/events.ts";
import { contentStems, wordsOf } from "../chat/words.ts";
import { answersAgree } from "./answer-agreement.ts";
import { sameByEvidence } from "./evidence-form.ts";
import {
  decideSemantic,
  isHard,
  type SemanticLimits,
  type WordingPair,
} from "./semantic-decision.ts";
import { vetoes } from "./vetoes.ts";

/** What was seen when two wordings were proven to ask the same. */
export interface AliasProof {
  /**
   * `form`, `words`, `near-form`: as the semantic decision. `answers`: near wordings without a hard veto that were answered alike, each
   * by itself. `evidence`: the same, and the sentence that answers both makes idle what they differ by. `scorer`: the same, and a
   * calibrated cross-encoder says both ways round that they ask the same.
   */
  readonly by: "form" | "words" | "near-form" | "answers" | "evidence" | "scorer";
  readonly cosine: number;
}

export type AliasVerdict =
  | { readonly kind: "proven"; readonly proof: AliasProof }
  /** `words`: both were answered alike, and only their words stand against it. */
  | { readonly kind: "unproven"; readonly reason: string };

/** What both wordings were answered with, each by itself. */
export interface BothAnswers {
  readonly cached: AnswerSnapshot;
  readonly fresh: AnswerSnapshot;
  /** What a fresh search found for the wording asked now. */
  readonly passages: readonly string[];
}

/**
 * Whether a wording that was answered by itself may be an alias of a kept one. Nothing waits for it, so both answers are at hand: they
 * must agree whatever the words say.
 */
export function proveAlias(
  pair: WordingPair,
  { cached, fresh, passages }: BothAnswers,
  limits: SemanticLimits,
): AliasVerdict {
  if (!answersAgree(cached, fresh)) return unproven("answers-differ");
  const decision = decideSemantic(pair, null, limits);
  if (decision.kind === "same") return proven(decision.by, pair);
  const hard = vetoes(pair.cached, pair.asked).find(isHard);
  if (hard !== undefined) return unproven(`veto: ${hard.kind}`);
  // "From Lisbon to Porto" is near "to Lisbon from Porto", "open" near "close", and one passage may answer both: words that carry
  // meaning and direction must be the same, in the same order; other function words and endings may differ.
  if (directionsOf(pair.cached) !== directionsOf(pair.asked)) return unproven("words");
  const evidence = { quote: fresh.quotes[0]?.text ?? "", passages };
  const isSaidAlike = () => sameByEvidence(pair.cached, pair.asked, evidence);
  const by = contentEqual(pair) ? "answers" : isSaidAlike() ? "evidence" : null;
  if (by === null) return unproven("words");
  if (limits.answers === null) return unproven("not-calibrated");
  return pair.cosine >= limits.answers ? proven(by, pair) : unproven("similarity");
}

const directions = new Set(
  "from to into onto out off up down over under before after between than by with without against through during at no".split(
    " ",
  ),
);
/** Words of direction and denial, in their order. */
export const directionsOf = (question: string): string =>
  wordsOf(question)
    .filter((word) => directions.has(word))
    .join(" ");

const contentEqual = ({ cached, asked }: WordingPair): boolean =>
  contentStems(cached).join(" ") === contentStems(asked).join(" ");

const proven = (by: AliasProof["by"], { cosine }: WordingPair): AliasVerdict => ({
  kind: "proven",
  proof: { by, cosine },
});

const unproven = (reason: string): AliasVerdict => ({ kind: "unproven", reason });
