import { createAnswerCacheStore } from "#lib/adapters/database/answer-cache-store.ts";
import { createCacheCounters } from "#lib/adapters/database/cache-counters.ts";
import { createCacheUpkeepStore } from "#lib/adapters/database/cache-upkeep-store.ts";
import { createConversationStore } from "#lib/adapters/database/conversation-store.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { emptyAnswer, foldAnswer } from "#lib/core/chat/fold-answer.ts";
import type { AnswerSnapshot } from "#lib/core/chat/events.ts";
import type { SemanticState } from "#lib/core/cache/calibration.ts";
import type { ScorerCalibration } from "#lib/core/cache/scored-pair.ts";
import type { LocalModels, ModelCall } from "#lib/local-models.ts";
import type { AnswerCacheStore } from "#lib/ports/answer-cache-store.ts";
import { answerQuestion } from "#lib/services/answer-question.ts";
import type { AskedQuestion } from "#lib/services/asked-question.ts";
import { createEmbeddingScorer } from "#lib/services/embedding-scorer.ts";
import type { AnswerLine } from "#lib/services/idle-answers.ts";
import { withKeptRetrievals } from "#lib/services/kept-retrievals.ts";
import { createRetrieveChunks, type RetrieveChunks } from "#lib/services/retrieve-chunks.ts";
import { createSameQuestion } from "#lib/services/same-question.ts";
import {
  createSemanticCache,
  type SemanticCache,
  type SemanticCacheDeps,
} from "#lib/services/semantic-cache.ts";
import { createWordingLog } from "#lib/services/wording-log.ts";
import { startTieredCache } from "#testing/services/memory-cache.ts";
import { createScriptedScorer } from "#testing/fakes/scripted-scorer.ts";
import { createScriptedModels } from "#testing/fakes/scripted-models.ts";
import { hashingEmbedder, startDocumentLine } from "../documents/document-line.ts";

export interface Answered extends AnswerSnapshot {
  readonly answerId: string;
  readonly isCached: boolean;
}

interface Changed {
  readonly store?: AnswerCacheStore;
  readonly cache?: SemanticCache;
  readonly retrieve?: RetrieveChunks;
}

/** Documents, retrieval, answers and their cache over one real database; the model says a fixed line. */
export async function startCachedLine() {
  const line = await startDocumentLine();
  const conversations = createConversationStore(line.connection);
  const store = createAnswerCacheStore({ database: line.connection.preparing });
  const counters = createCacheCounters({ database: line.connection.db });
  const tiers = startTieredCache(line.clock);
  const settings = { answers: true, similar: true };
  const faults: unknown[] = [];
  const fingerprint = { chat: "one", embedder: "hashing" };
  const calls: ModelCall[] = [];
  const upkeep = createCacheUpkeepStore({ database: line.connection.db });
  const shadowing = { share: 0 };
  const log = createWordingLog({
    store: upkeep,
    clock: line.clock,
    chance: () => 1 - shadowing.share,
  });
  const state = { semantic: "serving" as SemanticState };
  const scorer = createScriptedScorer(() => 0);
  scorer.install(null);
  const measured = { calibration: null as ScorerCalibration | null };
  const sameQuestion = createSameQuestion({
    ...{ scorer, clock: line.clock, calibration: () => measured.calibration },
  });
  let during: (() => Promise<unknown>) | null = null;

  const scripted = createScriptedModels("smollm2:135m", ["It is as it is."]);
  const models: LocalModels = {
    ...scripted,
    embed: (inputs, call) => {
      calls.push(call);
      return hashingEmbedder.embed(inputs, call);
    },
    fingerprint: () => fingerprint,
    async *chat(request, call) {
      calls.push(call);
      const work = during;
      during = null;
      await work?.();
      call.signal.throwIfAborted();
      yield* scripted.chat(request, call);
    },
  };
  const retrieve = createRetrieveChunks({ search: line.search, models, clock: line.clock });

  const kept = withKeptRetrievals({
    searchVersion: "1",
    ...{ retrieve, search: line.search, answers: store, cache: tiers },
    embedder: () => fingerprint.embedder,
  });
  const cacheOver = (
    over: AnswerCacheStore,
    answerVersion = "1",
    tiersOf = tiers,
    more: Partial<SemanticCacheDeps> = {},
  ) =>
    createSemanticCache({
      store: over,
      counters,
      tiers: tiersOf,
      clock: line.clock,
      settings: () => settings,
      fingerprint: () => models.fingerprint(),
      answerVersion,
      log,
      semantic: () => state.semantic,
      sameQuestion,
      report: (error) => {
        faults.push(error);
      },
      ...more,
    });
  const usual = cacheOver(store);
  const textScorer = createEmbeddingScorer({ models, clock: line.clock });
  const { clock, collections } = line;
  const anew = { retrieve, models, scorer: textScorer, clock, collections };
  const answer: AnswerLine = (actor, asked, call) =>
    answerQuestion({ ...anew, cache: usual }, actor, asked, call);

  const conversationOf = new Map<string, string>();
  const addAnswer = async (actor: Actor, question: string): Promise<string> => {
    const kept = conversationOf.get(actor.userId);
    const conversationId =
      kept ?? (await conversations.create(actor, { title: "t", collectionIds: [] })).id;
    conversationOf.set(actor.userId, conversationId);
    const turn = { question, owner: "test" };
    return (await conversations.addTurn(actor, conversationId, turn)).answerId;
  };

  return {
    ...line,
    answers: store,
    ...{ tiers, cacheOver, kept, scorer, measured, sameQuestion },
    counters,
    ...{ upkeep, log, retrieve, models, answer, fingerprint, shadowing, state },
    answerAnew: ((...call) => answerQuestion(anew, ...call)) satisfies AnswerLine,
    /** Every call of a model, in order. */
    calls,
    settings,
    faults,
    modelCalls: () => scripted.asked.length,
    changeModel: (to: string) => {
      fingerprint.chat = to;
    },
    /** Runs while the next answer is being written. */
    whileAnswering: (work: () => Promise<unknown>) => {
      during = work;
    },
    async ask(
      actor: Actor,
      question: string,
      change: Partial<AskedQuestion> & Changed = {},
    ): Promise<Answered> {
      const { store: over = store, cache, retrieve: search = kept, ...rest } = change;
      const answerId = await addAnswer(actor, question);
      const asked = { answerId, question, collectionIds: [], history: [], ...rest };
      const own = over === store ? usual : cacheOver(over);
      const deps = { ...anew, retrieve: search, cache: cache ?? own };
      let answer = emptyAnswer;
      for await (const event of answerQuestion(deps, actor, asked, line.call()))
        answer = foldAnswer(answer, event);
      const isCached = answer.notices.some(({ kind }) => kind === "cached");
      return { ...answer, answerId, isCached };
    },
    async addDocument(collectionId: string, fileName: string, text: string): Promise<string> {
      const { document } = await line.upload(collectionId, fileName, text);
      const problems = await line.workOff();
      if (problems.length > 0) throw problems[0];
      return document.id;
    },
  };
}

export type CachedLine = Awaited<ReturnType<typeof startCachedLine>>;
