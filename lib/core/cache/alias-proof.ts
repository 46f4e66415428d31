import type { AnswerSnapshot } from "../chat/events.ts";
import { contentStems } from "../chat/words.ts";
import { answersAgree } from "./answer-agreement.ts";
import { decideSemantic, type SemanticCalibration, type WordingPair } from "./semantic-decision.ts";
import { vetoes, type VetoKind } from "./vetoes.ts";

/** What was seen when two wordings were proven to ask the same. */
export interface AliasProof {
  /** `form`, `words`: as the semantic decision. `answers`: near wordings without a hard veto that were answered alike, each by itself. */
  readonly by: "form" | "words" | "answers";
  readonly cosine: number;
}

export type AliasVerdict =
  | { readonly kind: "proven"; readonly proof: AliasProof }
  | { readonly kind: "unproven"; readonly reason: string };

// A word more or less may be idle; what these guards see never is.
const soft = new Set<VetoKind>(["word", "order"]);

/**
 * Whether a wording that was answered by itself may be an alias of a kept one. Nothing waits for it, so both answers are at hand: they
 * must agree whatever the words say.
 */
export function proveAlias(
  pair: WordingPair,
  answers: { readonly cached: AnswerSnapshot; readonly fresh: AnswerSnapshot },
  limits: Pick<SemanticCalibration, "words" | "answers">,
): AliasVerdict {
  if (!answersAgree(answers.cached, answers.fresh)) return unproven("answers-differ");
  const decision = decideSemantic(pair, null, limits.words);
  if (decision.kind === "same") return proven(decision.by, pair);
  const hard = vetoes(pair.cached, pair.asked).find(({ kind }) => !soft.has(kind));
  if (hard !== undefined) return unproven(`veto: ${hard.kind}`);
  // "From Lisbon to Porto" is near "from Porto to Lisbon", "open" near "close", and one passage may answer both: words that carry meaning
  // must be the same, in the same order; function words and endings may differ.
  if (contentStems(pair.cached).join(" ") !== contentStems(pair.asked).join(" "))
    return unproven("words");
  if (limits.answers === null) return unproven("not-calibrated");
  return pair.cosine >= limits.answers ? proven("answers", pair) : unproven("similarity");
}

const proven = (by: AliasProof["by"], { cosine }: WordingPair): AliasVerdict => ({
  kind: "proven",
  proof: { by, cosine },
});

const unproven = (reason: string): AliasVerdict => ({ kind: "unproven", reason });
