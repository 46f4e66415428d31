import type { Actor } from "../core/access/actor.ts";
import { instructionsKey } from "../core/chat/answer-instructions.ts";
import { answerProfileOf } from "../core/chat/answer-profile.ts";
import type { ChatEvent } from "../core/chat/events.ts";
import { emptyAnswer, foldAnswer } from "../core/chat/fold-answer.ts";
import { smallTalkOf, smallTalkReply } from "../core/chat/small-talk.ts";
import { AppError } from "../core/errors/app-error.ts";
import type { Generations } from "../core/rag/corpus-state.ts";
import type { ModelCall } from "../local-models.ts";
import type { CollectionRules, CollectionStore } from "../ports/collection-store.ts";
import { previousQuestionOf, type AskedQuestion } from "./asked-question.ts";
import { freshAnswer, ownWords, type AnswerBasis, type FreshAnswerDeps } from "./fresh-answer.ts";
import { replayAnswer } from "./replay-answer.ts";
import {
  questionVector,
  type QuestionVector,
  type RetrievalQuery,
  type RetrieveChunks,
} from "./retrieve-chunks.ts";
import type { CacheHit, CacheTurn, SemanticCache } from "./semantic-cache.ts";

export interface AnswerQuestionDeps extends FreshAnswerDeps {
  readonly retrieve: RetrieveChunks;
  /** Without them every collection is strict, refuses in Drover's own words and asks nothing of its answers. */
  readonly collections?: Pick<CollectionStore, "rules">;
  /** Without one every question is answered anew. */
  readonly cache?: SemanticCache;
}

/** What a rehearsal cannot see: raise it when the same rules come to other answers. All else is in the key by itself (services/rehearse-answers.ts). */
export const answerVersion = 10;

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

  const ahead = embedAhead(deps, actor, asked, call);
  // Asked for at the same time as what is kept: the one seldom changes, so the other begins with what it was.
  const asking = rulesOf(deps, actor, asked);
  const turn = await deps.cache?.begin(actor, cacheQuestion(deps, asked, asking));
  const rules = await asking;
  const known = turn === undefined ? null : await knownAnswer(turn, asked, ahead);
  if (known !== null) {
    ahead.leave();
    yield* replayed(deps, known, answerId);
    return;
  }
  if (asked.onlyKept !== undefined) throw asked.onlyKept;
  const query = queryOf(asked, turn?.generations, ahead);
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
  turn: CacheTurn,
  { onlyKept }: AskedQuestion,
  ahead: VectorAhead,
): Promise<CacheHit | null> {
  const known = await turn.known();
  if (known !== null || onlyKept !== undefined) return known;
  return turn.ofForm(async () => (await ahead.vector())?.values ?? null);
}

interface VectorAhead {
  vector(): Promise<QuestionVector | null>;
  /** Nobody needs it any more. */
  leave(): void;
}

/**
 * The question's vector, which every answer but one of the same words needs, begun while the database says what is kept. Where this process
 * remembers an answer to these words, and where there is no room, it is begun by who needs it.
 */
function embedAhead(
  deps: AnswerQuestionDeps,
  actor: Actor,
  asked: AskedQuestion,
  call: ModelCall,
): VectorAhead {
  const left = new AbortController();
  const signal = AbortSignal.any([call.signal, left.signal]);
  let begun: Promise<QuestionVector | null> | undefined;
  const vector = () => {
    begun ??= heard(questionVector(deps, asked.question, { ...call, signal }));
    return begun;
  };
  const isKnown = asked.onlyKept !== undefined || deps.cache?.remembers(actor, asked) !== false;
  if (!isKnown && previousQuestionOf(asked) === undefined) void vector();
  return {
    vector,
    leave: () => {
      left.abort(new AppError("conflict", { reason: "the answer was kept" }));
    },
  };
}

function queryOf(
  asked: AskedQuestion,
  generations: Generations | undefined,
  ahead: VectorAhead,
): RetrievalQuery {
  const { question, collectionIds } = asked;
  const last = asked.history.at(-1);
  const previousQuestion = previousQuestionOf(asked, last?.answer);
  return {
    ...{ text: question, collectionIds, limit: mostSources },
    ...(previousQuestion === undefined
      ? { vector: () => ahead.vector() }
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
  const rules = rulesOf(deps, actor, asked);
  const question = cacheQuestion(deps, { ...asked, answerId: "" }, rules);
  const turn = asked.asksAgain === true ? undefined : await deps.cache?.begin(actor, question);
  return (await turn?.holds()) ?? false;
}

/** The same from memory alone, for a question that begins a conversation: whether the database would still say so is not asked. */
export const isRememberedAnswer = (
  { cache }: Pick<AnswerQuestionDeps, "cache">,
  actor: Actor,
  asked: Pick<AskedQuestion, "question" | "collectionIds">,
): boolean => smallTalkOf(asked.question) !== null || cache?.remembers(actor, asked) === true;

const rulesOf = async (
  { collections }: AnswerQuestionDeps,
  actor: Actor,
  { collectionIds }: Pick<AskedQuestion, "collectionIds">,
): Promise<readonly CollectionRules[]> => (await collections?.rules(actor, collectionIds)) ?? [];

const cacheQuestion = (
  { models }: AnswerQuestionDeps,
  asked: AskedQuestion,
  rules: Promise<readonly CollectionRules[]>,
) => ({
  answerId: asked.answerId,
  question: asked.question,
  collectionIds: asked.collectionIds,
  // What needs the turn before and has none is searched as it stands: it means the same to everybody.
  standsAlone: previousQuestionOf(asked) === undefined,
  usesHistory: asked.history.length > 0 && answerProfileOf(models.chatModel) !== "tiny",
  asksAgain: asked.asksAgain === true,
  instructions: heard(rules.then(instructionsKey)),
  isPrewarm: asked.isPrewarm === true,
});

/** Who goes past the cache never asks for it: that it failed is then said by the rules themselves. */
function heard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** Hands the answer to the cache before its end: who asks the same next finds it. */
async function* remembered(
  turn: CacheTurn,
  basis: Pick<AnswerBasis, "found">,
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
