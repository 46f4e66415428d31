import type { Admission } from "../services/admission.ts";
import { composeCacheUpkeep, type CacheUpkeepParts } from "./cache-upkeep.ts";
import { createCacheUpkeepStore } from "../adapters/database/cache-upkeep-store.ts";
import { createAnswerTraces } from "../adapters/database/answer-traces.ts";
import { createAnswerStore } from "../adapters/database/answer-store.ts";
import { createConversationStore } from "../adapters/database/conversation-store.ts";
import { createShareStore } from "../adapters/database/share-store.ts";
import type { Database } from "../adapters/database/typed-database.ts";
import { createMemoryStreamLog } from "../adapters/memory/stream-log.ts";
import type { Report } from "../adapters/system/log.ts";
import type { ChatEvent } from "../core/chat/events.ts";
import type { Settings } from "../core/settings/settings.ts";
import type { LocalModels } from "../local-models.ts";
import type { CachePrewarmer } from "../cache-prewarmer.ts";
import type { ChunkSearch } from "../ports/chunk-search.ts";
import type { Clock } from "../ports/clock.ts";
import type { ConversationStore, ShareStore } from "../ports/conversation-store.ts";
import type { CollectionStore } from "../ports/collection-store.ts";
import {
  answerQuestion,
  isAnsweredAlready,
  isRememberedAnswer,
  type AnswerQuestionDeps,
} from "../services/answer-question.ts";
import type { RetrieveChunks } from "../services/retrieve-chunks.ts";
import { createEmbeddingScorer } from "../services/embedding-scorer.ts";
import { createNearDuplicateLimit } from "../services/near-duplicate-limit.ts";
import { createSentencePace } from "../services/sentence-pace.ts";
import { createTracedAnswers } from "../services/traced-answers.ts";
import { createSemanticCache } from "../services/semantic-cache.ts";
import type { AnswerCacheAdmin } from "../services/answer-cache-admin.ts";
import type { QuietTime } from "../services/quiet-time.ts";
import { createWordingLog } from "../services/wording-log.ts";
import { createSharedStreams } from "../services/shared-streams.ts";
import { createRunningAnswers, type RunningAnswers } from "../services/running-answers.ts";
import type { Cache } from "./cache.ts";
import type { SameQuestionParts } from "./same-question.ts";

interface AnswersDeps extends SameQuestionParts {
  readonly admission: Admission;
  readonly db: Database;
  readonly preparing: Database;
  readonly clock: Clock;
  readonly owner: string;
  readonly report: Report;
  readonly models: LocalModels;
  /** For the sentences that evidence is chosen from and checked with. */
  readonly sentenceModels: LocalModels;
  readonly retrieve: RetrieveChunks;
  readonly collections: CollectionStore;
  readonly settings: () => Settings;
  readonly cache: Pick<Cache, "answers" | "counters" | "tiers"> & {
    /** Changes with everything that answers are made by. */
    readonly answerVersion: string;
  };
  readonly search: ChunkSearch;
  readonly quiet: QuietTime;
  readonly keepResident: CacheUpkeepParts["keepResident"];
  readonly suggest: CacheUpkeepParts["suggest"];
  readonly mayPrewarm: () => boolean;
  /** See `RunningAnswersDeps`. */
  readonly lookUpMs?: number;
}

interface Answers {
  readonly conversations: ConversationStore;
  readonly shares: ShareStore;
  readonly runningAnswers: RunningAnswers;
  readonly prewarmer: CachePrewarmer;
  readonly answerCache: AnswerCacheAdmin;
}

/** Conversations, and the answers that this process drives for them. */
export function composeAnswers(deps: AnswersDeps): Answers {
  const { db, preparing, clock, owner, report, models, retrieve, collections, settings } = deps;
  const { answers: store, counters, tiers, answerVersion } = deps.cache;
  const upkeep = createCacheUpkeepStore({ database: db });
  const log = createWordingLog({ store: upkeep, clock, chance: Math.random });
  const fingerprint = () => models.fingerprint();
  const cache = createSemanticCache({
    ...{ store, counters, tiers, clock, report, fingerprint, answerVersion, log },
    settings: () => settings().cache,
    semantic: (workspaceId) => upkeepParts.idle.state(workspaceId),
    sameQuestion: deps.sameQuestion,
    nearDuplicates: createNearDuplicateLimit(clock),
  });
  const scorer = createEmbeddingScorer({
    models: deps.sentenceModels,
    clock,
    pace: createSentencePace(),
  });
  const anew = { retrieve, models, scorer, clock, collections };
  const answering = { ...anew, cache, phrasing: createSharedStreams<ChatEvent>() };
  const upkeepParts = composeCacheUpkeep({
    ...deps,
    ...{ store, upkeep, counters, log, fingerprint, answerVersion },
    answer: (actor, asked, call) => answerQuestion(answering, actor, asked, call),
    answerAnew: (actor, asked, call) => answerQuestion(anew, actor, asked, call),
  });
  const stored = createConversationStore({ db, preparing });
  const conversations: ConversationStore = {
    ...stored,
    async rate(actor, answerId, feedback) {
      await stored.rate(actor, answerId, feedback);
      if (feedback?.rating === "down") await store.reject(actor, answerId);
    },
  };
  const runningAnswers = createRunningAnswers({
    answer: tracedAnswers(deps, answering),
    isAnsweredAlready: (actor, asked) => isAnsweredAlready(answering, actor, asked),
    isRememberedAnswer: (actor, asked) => isRememberedAnswer(answering, actor, asked),
    conversations,
    store: createAnswerStore({ db: preparing }),
    log: createMemoryStreamLog({ clock }),
    clock,
    owner,
    report,
    turnLimits: () => settings().chat,
    admission: deps.admission,
    ...(deps.lookUpMs === undefined ? {} : { lookUpMs: deps.lookUpMs }),
  });
  const { prewarmer, admin: answerCache } = upkeepParts;
  const shares = createShareStore({ db });
  return { conversations, shares, runningAnswers, prewarmer, answerCache };
}

const tracedAnswers = (
  { preparing, clock, report, settings }: AnswersDeps,
  answering: AnswerQuestionDeps,
) =>
  createTracedAnswers({
    ...{ answering, answer: answerQuestion, clock, report },
    traces: createAnswerTraces({ database: preparing }),
    traceDays: () => settings().quality.traceDays,
  });
