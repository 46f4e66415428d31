import type { Actor } from "../core/access/actor.ts";
import type { ChatEvent } from "../core/chat/events.ts";
import { instructionsKey, instructionsOf } from "../core/chat/answer-instructions.ts";
import { answerPolicyOf } from "../core/chat/answer-policy.ts";
import { answerProfileOf } from "../core/chat/answer-profile.ts";
import { emptyAnswer, foldAnswer } from "../core/chat/fold-answer.ts";
import type { AppError } from "../core/errors/app-error.ts";
import { smallTalkOf, smallTalkReply } from "../core/chat/small-talk.ts";
import { carriedText, needsEarlierTurns } from "../core/chat/follow-up.ts";
import type { Generations } from "../core/rag/corpus-state.ts";
import type { Milliseconds } from "../core/time/milliseconds.ts";
import type { ModelCall } from "../local-models.ts";
import type { CollectionRules, CollectionStore } from "../ports/collection-store.ts";
import type { EarlierTurn } from "../ports/conversation-store.ts";
import { answerFromModel } from "./answer-from-model.ts";
import { newestFirst, trustedMaterial } from "./answer-material.ts";
import { chooseAnswerEvidence, type ChooseAnswerEvidenceDeps } from "./choose-answer-evidence.ts";
import { phraseAnswer, type AnswerMaterial, type PhraseAnswerDeps } from "./phrase-answer.ts";
import { replayAnswer } from "./replay-answer.ts";
import {
  questionVector,
  type RetrievalQuery,
  type RetrieveChunks,
  type Retrieval,
} from "./retrieve-chunks.ts";
import type { CacheHit, CacheTurn, SemanticCache } from "./semantic-cache.ts";
import type { SharedStreams } from "./shared-streams.ts";
import { sourceOf } from "./source-of.ts";

export interface AskedQuestion {
  readonly answerId: string;
  readonly question: string;
  /** Empty = everything that the actor may read. */
  readonly collectionIds: readonly string[];
  /** Turns before this one, oldest first. */
  readonly history: readonly EarlierTurn[];
  /** Past the answer cache. */
  readonly asksAgain?: boolean;
  /** There was no room for it, but a kept answer: without that one it ends with this refusal after all. */
  readonly onlyKept?: AppError;
  /** Nobody waits for it: it is made to be kept. */
  readonly isPrewarm?: boolean;
}

export interface AnswerQuestionDeps extends ChooseAnswerEvidenceDeps, PhraseAnswerDeps {
  readonly retrieve: RetrieveChunks;
  /** Without them every collection is strict, refuses in Drover's own words and asks nothing of its answers. */
  readonly collections?: Pick<CollectionStore, "rules">;
  /** Without one every question is answered anew. */
  readonly cache?: SemanticCache;
  /** Without them a model phrases each answer by itself, equal ones too. */
  readonly phrasing?: SharedStreams<ChatEvent>;
}

/** What a rehearsal cannot see: raise it when the same rules come to other answers. All else is in the key by itself (services/rehearse-answers.ts). */
export const answerVersion = 6;

const mostSources = 8;

/**
 * The whole answer, from the question to `text-end`: sources and quotes first, then what a model makes of them.
 * Whether the documents answer at all is decided before a model is asked, and never by it.
 */
export async function* answerQuestion(
  deps: AnswerQuestionDeps,
  actor: Actor,
  asked: AskedQuestion,
  call: ModelCall,
): AsyncGenerator<ChatEvent, void> {
  const askedAt = deps.clock.now();
  const { answerId, question } = asked;
  const talk = smallTalkOf(question);
  if (talk !== null) {
    yield* ownWords(smallTalkReply(talk));
    yield { type: "text-end", answerId, outcome: "complete" };
    return;
  }

  const rules = (await deps.collections?.rules(actor, asked.collectionIds)) ?? [];
  const turn = await deps.cache?.begin(actor, cacheQuestion(deps, asked, rules));
  const known = turn === undefined ? null : await knownAnswer(deps, turn, asked, call);
  if (known !== null) {
    yield* replayed(deps, known, answerId);
    return;
  }
  if (asked.onlyKept !== undefined) throw asked.onlyKept;
  const query = queryOf(asked, turn?.generations);
  const found = await deps.retrieve(actor, query, call);
  const searchAnew = () => deps.retrieve(actor, { ...query, isFresh: true }, call);
  const proven = await turn?.provenBy(found, searchAnew);
  if (proven) {
    yield* replayed(deps, proven, answerId);
    return;
  }
  const waitForVector = () =>
    deps.retrieve(actor, { ...query, isFresh: true, waitsForVector: true }, call);
  const basis = { found, askedAt, rules, turn, waitForVector };
  const events = freshAnswer(deps, asked, basis, call);
  yield* turn === undefined ? events : remembered(turn, basis, events);
}

/** By the question's own words, then by its form: what needs no search. */
async function knownAnswer(
  deps: AnswerQuestionDeps,
  turn: CacheTurn,
  { question, onlyKept }: AskedQuestion,
  call: ModelCall,
): Promise<CacheHit | null> {
  const known = await turn.known();
  if (known !== null || onlyKept !== undefined) return known;
  return turn.ofForm(() => questionVector(deps, question, call));
}

function queryOf(asked: AskedQuestion, generations: Generations | undefined): RetrievalQuery {
  const { question, collectionIds } = asked;
  const last = asked.history.at(-1);
  const previousQuestion = previousQuestionOf(asked, last?.answer);
  return {
    ...{ text: question, collectionIds, limit: mostSources },
    ...(previousQuestion === undefined
      ? {}
      : { previousQuestion, previousDocumentIds: last?.documentIds ?? [] }),
    ...(generations === undefined ? {} : { generations }),
  };
}

/** Who calls the answer wrong may do so once it has ended: by then it is noted what it came from. */
async function* replayed(
  { clock }: AnswerQuestionDeps,
  { entry, noted }: CacheHit,
  answerId: string,
): AsyncGenerator<ChatEvent, void> {
  for (const event of replayAnswer(entry, answerId, clock.wallTime())) {
    if (event.type === "text-end") await noted;
    yield event;
  }
}

/** Whether the question can be answered without any node: by Drover's own words, or by a kept answer of this very wording. */
export async function isAnsweredAlready(
  deps: AnswerQuestionDeps,
  actor: Actor,
  asked: Omit<AskedQuestion, "answerId">,
): Promise<boolean> {
  if (smallTalkOf(asked.question) !== null) return true;
  const rules = (await deps.collections?.rules(actor, asked.collectionIds)) ?? [];
  const question = cacheQuestion(deps, { ...asked, answerId: "" }, rules);
  const turn = asked.asksAgain === true ? undefined : await deps.cache?.begin(actor, question);
  return (await turn?.holds()) ?? false;
}

/** Words of the last answer help to search; whether passages answer is judged by what was asked. */
const previousQuestionOf = (
  { question, history }: AskedQuestion,
  lastAnswer = "",
): string | undefined => {
  const earlier = history.map((turn) => turn.question);
  return needsEarlierTurns(question, earlier) ? carriedText(earlier, lastAnswer) : undefined;
};

const cacheQuestion = (
  { models }: AnswerQuestionDeps,
  asked: AskedQuestion,
  rules: readonly CollectionRules[],
) => ({
  answerId: asked.answerId,
  question: asked.question,
  collectionIds: asked.collectionIds,
  // What needs the turn before and has none is searched as it stands: it means the same to everybody.
  standsAlone: previousQuestionOf(asked) === undefined,
  usesHistory: asked.history.length > 0 && answerProfileOf(models.chatModel) !== "tiny",
  asksAgain: asked.asksAgain === true,
  instructions: instructionsKey(rules),
  isPrewarm: asked.isPrewarm === true,
});

/** Hands the answer to the cache before its end: who asks the same next finds it. */
async function* remembered(
  turn: CacheTurn,
  basis: Pick<Basis, "found">,
  events: AsyncGenerator<ChatEvent, void>,
): AsyncGenerator<ChatEvent, void> {
  let answer = emptyAnswer;
  let completionTokens = 0;
  for await (const event of events) {
    answer = foldAnswer(answer, event);
    if (event.type === "usage") completionTokens = event.completionTokens;
    if (event.type === "text-end") await turn.keep(answer, basis.found, completionTokens);
    yield event;
  }
}

interface Basis {
  /** Another one when words alone did not do and a node came back. */
  found: Retrieval;
  askedAt: Milliseconds;
  /** Of every collection asked. */
  readonly rules: readonly CollectionRules[];
  readonly turn: CacheTurn | undefined;
  readonly waitForVector: () => Promise<Retrieval>;
}

/** Sources and quotes, then what a model makes of them; whether they answer is decided before a model is asked. */
async function* freshAnswer(
  deps: AnswerQuestionDeps,
  asked: AskedQuestion,
  basis: Basis,
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
    if (!basis.found.lexicalOnly) shown = yield* shownEvidence(deps, asked, basis, call);
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

/** Sends sources and quotes, and gives them. */
async function* shownEvidence(
  deps: AnswerQuestionDeps,
  asked: AskedQuestion,
  { found, askedAt }: Basis,
  call: ModelCall,
) {
  const sources = found.chunks.map(sourceOf);
  yield { type: "sources", sources } satisfies ChatEvent;
  const previousQuestion = previousQuestionOf(asked);
  const wholeQuestion =
    previousQuestion === undefined ? asked.question : `${previousQuestion} ${asked.question}`;
  const evidence = await chooseAnswerEvidence(deps, wholeQuestion, found, call, askedAt);
  const { quotes, notice } = newestFirst(evidence.quotes, found.chunks);
  const { verdict } = evidence;
  yield { type: "evidence", quotes, verdict } satisfies ChatEvent;
  return { sources, quotes, notice, verdict };
}

/** Who asks the same of the same passages at the same time reads along. */
function phrased(
  deps: AnswerQuestionDeps,
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
  deps: AnswerQuestionDeps,
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

function* ownWords(text: string): Generator<ChatEvent, void> {
  yield { type: "text-delta", text };
  yield { type: "sentence", index: 0, text, citations: [], supported: true };
}
