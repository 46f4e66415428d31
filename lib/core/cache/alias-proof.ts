import type { AnswerSnapshot } from "../chat/events.ts";
import { contentStems, stemOf, wordsOf } from "../chat/words.ts";
import { answersAgree } from "./answer-agreement.ts";
import { decideSemantic, type SemanticCalibration, type WordingPair } from "./semantic-decision.ts";
import type { VetoKind } from "./veto-kinds.ts";
import { vetoes } from "./vetoes.ts";

/** What was seen when two wordings were proven to ask the same. */
export interface AliasProof {
  /**
   * `form`, `words`, `near-form`: as the semantic decision. `answers`: near wordings without a hard veto that were answered alike, each
   * by itself. `evidence`: the same, and what the one says more stands in the passage that answers both.
   */
  readonly by: "form" | "words" | "near-form" | "answers" | "evidence";
  readonly cosine: number;
}

export type AliasVerdict =
  | { readonly kind: "proven"; readonly proof: AliasProof }
  | { readonly kind: "unproven"; readonly reason: string };

/** What both wordings were answered with, each by itself. */
export interface BothAnswers {
  readonly cached: AnswerSnapshot;
  readonly fresh: AnswerSnapshot;
  /** How far the passage stands above the next one for the wording asked now, in fused score, -1 to 1. */
  readonly lead: number;
}

// A word more or less may be idle; what these guards see never is.
const soft = new Set<VetoKind>(["word", "order"]);
/** Below it another passage might as well be meant. */
const leastLead = 0.15;

/**
 * Whether a wording that was answered by itself may be an alias of a kept one. Nothing waits for it, so both answers are at hand: they
 * must agree whatever the words say.
 */
export function proveAlias(
  pair: WordingPair,
  answers: BothAnswers,
  limits: Pick<SemanticCalibration, "words" | "answers">,
): AliasVerdict {
  if (!answersAgree(answers.cached, answers.fresh)) return unproven("answers-differ");
  const decision = decideSemantic(pair, null, limits.words);
  if (decision.kind === "same") return proven(decision.by, pair);
  const hard = vetoes(pair.cached, pair.asked).find(({ kind }) => !soft.has(kind));
  if (hard !== undefined) return unproven(`veto: ${hard.kind}`);
  // "From Lisbon to Porto" is near "to Lisbon from Porto", "open" near "close", and one passage may answer both: words that carry
  // meaning and direction must be the same, in the same order; other function words and endings may differ.
  if (directionsOf(pair.cached) !== directionsOf(pair.asked)) return unproven("words");
  const by = contentEqual(pair) ? "answers" : saysNoMore(pair, answers) ? "evidence" : null;
  if (by === null) return unproven("words");
  if (limits.answers === null) return unproven("not-calibrated");
  return pair.cosine >= limits.answers ? proven(by, pair) : unproven("similarity");
}

const directions = new Set(
  "from to into onto out off up down over under before after between than by with without against through during at no".split(
    " ",
  ),
);
const directionsOf = (question: string): string =>
  wordsOf(question)
    .filter((word) => directions.has(word))
    .join(" ");

const contentEqual = ({ cached, asked }: WordingPair): boolean =>
  contentStems(cached).join(" ") === contentStems(asked).join(" ");

// With or without them the same is asked, whatever the subject.
const idle = new Set(
  "way ways thing things fast quickly easily main major someone somebody anyone anybody people person particular various"
    .split(" ")
    .map(stemOf),
);
const mostMore = 2;

/**
 * The wordings share their words in one order, and the one asked now says at most two more, each of which stands in the passage that
 * both were answered from. What the kept one says more has to be idle: an answer to less may be no answer to more, nor the other way.
 */
function saysNoMore({ cached, asked }: WordingPair, { cached: kept, fresh, lead }: BothAnswers) {
  const [own, others] = [contentStems(cached), contentStems(asked)];
  const more = others.filter((word) => !own.includes(word));
  const less = own.filter((word) => !others.includes(word));
  const shared = own.filter((word) => others.includes(word)).join(" ");
  if (shared !== others.filter((word) => own.includes(word)).join(" ")) return false;
  if (more.length + less.length > mostMore || lead < leastLead) return false;
  const told = new Set([...passageOf(kept), ...passageOf(fresh)]);
  return more.every((word) => idle.has(word) || told.has(word)) && less.every((w) => idle.has(w));
}

/** Words of the sentence that answers, and of the passage that it stands in. */
function passageOf({ quotes, sources }: AnswerSnapshot): readonly string[] {
  const [first] = quotes;
  const source = sources.find(({ citation }) => citation === first?.citation);
  return contentStems(`${first?.text ?? ""} ${source?.text ?? ""}`);
}

const proven = (by: AliasProof["by"], { cosine }: WordingPair): AliasVerdict => ({
  kind: "proven",
  proof: { by, cosine },
});

const unproven = (reason: string): AliasVerdict => ({ kind: "unproven", reason });
