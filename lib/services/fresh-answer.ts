import { instructionsOf } from "../core/chat/answer-instructions.ts";
import { answerPolicyOf } from "../core/chat/answer-policy.ts";
import { answerProfileOf } from "../core/chat/answer-profile.ts";
import type { ChatEvent } from "../core/chat/events.ts";
import type { Milliseconds } from "../core/time/milliseconds.ts";
import type { ModelCall } from "../local-models.ts";
import type { CollectionRules } from "../ports/collection-store.ts";
import { answerFromModel } from "./answer-from-model.ts";
import { newestFirst, trustedMaterial } from "./answer-material.ts";
import { previousQuestionOf, type AskedQuestion } from "./asked-question.ts";
import { chooseAnswerEvidence, type ChooseAnswerEvidenceDeps } from "./choose-answer-evidence.ts";
import { phraseAnswer, type AnswerMaterial, type PhraseAnswerDeps } from "./phrase-answer.ts";
import type { Retrieval } from "./retrieve-chunks.ts";
import type { CacheTurn } from "./semantic-cache.ts";
import type { SharedStreams } from "./shared-streams.ts";
import { sourceOf } from "./source-of.ts";

export interface FreshAnswerDeps extends ChooseAnswerEvidenceDeps, PhraseAnswerDeps {
  /** Without them a model phrases each answer by itself, equal ones too. */
  readonly phrasing?: SharedStreams<ChatEvent>;
}

/** What an answer is made of. */
export interface AnswerBasis {
  /** Another one when words alone did not do and a node came back. */
  found: Retrieval;
  askedAt: Milliseconds;
  /** Of every collection asked. */
  readonly rules: readonly CollectionRules[];
  readonly turn: Pick<CacheTurn, "flight"> | undefined;
  readonly waitForVector: () => Promise<Retrieval>;
}

/** Sources and quotes, then what a model makes of them; whether they answer is decided before a model is asked. */
export async function* freshAnswer(
  deps: FreshAnswerDeps,
  asked: AskedQuestion,
  basis: AnswerBasis,
  call: ModelCall,
): AsyncGenerator<ChatEvent, void> {
  const { answerId, question } = asked;
  const { rules, turn } = basis;
  let shown = yield* shownEvidence(deps, asked, basis, call);
  // Words alone do not say that the documents have no answer: that waits until a node is back.
  if (shown.verdict === "related" && basis.found.lexicalOnly && asked.isPrewarm !== true) {
    yield wordsMissNotice;
    basis.found = await basis.waitForVector();
    basis.askedAt = deps.clock.now();
    if (!basis.found.lexicalOnly) shown = yield* shownEvidence(deps, asked, basis, call, true);
  } else if (basis.found.lexicalOnly) yield wordsAloneNotice;
  const { sources, quotes, notice, verdict } = shown;
  if (verdict === "related") {
    yield* withoutEvidence(deps, asked, rules, call);
    return;
  }

  if (notice !== null) yield notice;
  const material = trustedMaterial(question, sources, quotes);
  const quoted = new Set(
    material.quotes.map(({ citation }) => sources[citation - 1]?.collectionId),
  );
  const instructions = instructionsOf(rules.filter(({ id }) => quoted.has(id)));
  const { history } = asked;
  if (material.quotes.length > 0)
    yield* phrased(deps, { question, history, instructions, ...material }, call, turn?.flight);
  yield { type: "text-end", answerId, outcome: "complete" };
}

/**
 * Sends sources and quotes, and gives them.
 * @param again others are on screen: they stay until both are here, so that no quote ever stands beside sources that are not its own
 */
async function* shownEvidence(
  deps: FreshAnswerDeps,
  asked: AskedQuestion,
  { found, askedAt }: AnswerBasis,
  call: ModelCall,
  again = false,
) {
  const sources = found.chunks.map(sourceOf);
  if (!again) yield { type: "sources", sources } satisfies ChatEvent;
  const question = { text: asked.question, carried: previousQuestionOf(asked) };
  const evidence = await chooseAnswerEvidence(deps, question, found, call, askedAt);
  const { quotes, notice } = newestFirst(evidence.quotes, found.chunks);
  const { verdict } = evidence;
  if (again) yield { type: "sources", sources } satisfies ChatEvent;
  yield { type: "evidence", quotes, verdict } satisfies ChatEvent;
  return { sources, quotes, notice, verdict };
}

/** Who asks the same of the same passages at the same time reads along. */
function phrased(
  deps: FreshAnswerDeps,
  material: AnswerMaterial,
  call: ModelCall,
  flight: string | undefined,
): AsyncGenerator<ChatEvent, void> {
  if (deps.phrasing === undefined || flight === undefined)
    return phraseAnswer(deps, material, call);
  const passages = material.sources.map(({ chunkId, told }) => [chunkId, told]);
  const key = JSON.stringify([flight, call.class, passages, material.quotes]);
  return deps.phrasing.join(
    key,
    (signal) => phraseAnswer(deps, material, { ...call, signal }),
    call.signal,
  );
}

/** The documents do not hold it: a refusal in the collection's words, or where all searched ones allow it, what a model knows. */
async function* withoutEvidence(
  deps: FreshAnswerDeps,
  { answerId, question }: AskedQuestion,
  rules: readonly CollectionRules[],
  call: ModelCall,
): AsyncGenerator<ChatEvent, void> {
  const policy = answerPolicyOf(rules);
  if (policy.mode === "open" && answerProfileOf(deps.models.chatModel) === "phraser") {
    yield* answerFromModel(deps, { question, instructions: instructionsOf(rules) }, call);
    yield { type: "text-end", answerId, outcome: "complete" };
    return;
  }
  if (policy.refusalText !== "") yield* ownWords(policy.refusalText);
  yield { type: "text-end", answerId, outcome: "refused" };
}

const wordsAloneNotice: ChatEvent = {
  type: "notice",
  kind: "degraded",
  message: "No node could take the search: these sentences were found by their words alone.",
};

const wordsMissNotice: ChatEvent = {
  type: "notice",
  kind: "degraded",
  message:
    "No node could take the search, and words alone find no answer: it is searched for again as soon as a node answers.",
};

/** Drover's or a collection's own, which rest on no passage. */
export function* ownWords(text: string): Generator<ChatEvent, void> {
  yield { type: "text-delta", text };
  yield { type: "sentence", index: 0, text, citations: [], supported: true };
}
