import type { Admission } from "../services/admission.ts";
import { createAnswerTraces } from "../adapters/database/answer-traces.ts";
import { createAnswerStore } from "../adapters/database/answer-store.ts";
import { createConversationStore } from "../adapters/database/conversation-store.ts";
import { createShareStore } from "../adapters/database/share-store.ts";
import type { Database } from "../adapters/database/typed-database.ts";
import { createMemoryStreamLog } from "../adapters/memory/stream-log.ts";
import type { Report } from "../adapters/system/log.ts";
import type { Settings } from "../core/settings/settings.ts";
import type { LocalModels } from "../local-models.ts";
import type { Clock } from "../ports/clock.ts";
import type { ConversationStore, ShareStore } from "../ports/conversation-store.ts";
import type { CollectionStore } from "../ports/collection-store.ts";
import {
  answerQuestion,
  answerVersion,
  isAnsweredAlready,
  type AnswerQuestionDeps,
} from "../services/answer-question.ts";
import type { RetrieveChunks } from "../services/retrieve-chunks.ts";
import { createEmbeddingScorer } from "../services/embedding-scorer.ts";
import { createSentencePace } from "../services/sentence-pace.ts";
import { createTracedAnswers } from "../services/traced-answers.ts";
import { createSemanticCache } from "../services/semantic-cache.ts";
import { createRunningAnswers, type RunningAnswers } from "../services/running-answers.ts";
import type { Cache } from "./cache.ts";

/** Conversations, and the answers that this process drives for them. */
export function composeAnswers(deps: {
  readonly admission: Admission;
  readonly db: Database;
  readonly clock: Clock;
  readonly owner: string;
  readonly report: Report;
  readonly models: LocalModels;
  /** For the sentences that evidence is chosen from and checked with. */
  readonly sentenceModels: LocalModels;
  readonly retrieve: RetrieveChunks;
  readonly collections: CollectionStore;
  readonly settings: () => Settings;
  readonly cache: Pick<Cache, "answers" | "counters">;
}): {
  readonly conversations: ConversationStore;
  readonly shares: ShareStore;
  readonly runningAnswers: RunningAnswers;
} {
  const { db, clock, owner, report, models, retrieve, collections, settings } = deps;
  const { answers, counters } = deps.cache;
  const cache = createSemanticCache({
    store: answers,
    counters,
    clock,
    report,
    settings: () => settings().cache,
    fingerprint: () => models.fingerprint(),
    answerVersion,
  });
  const scorer = createEmbeddingScorer({
    models: deps.sentenceModels,
    clock,
    pace: createSentencePace(),
  });
  const answering = { retrieve, models, scorer, clock, collections, cache };
  const stored = createConversationStore({ db });
  const conversations: ConversationStore = {
    ...stored,
    async rate(actor, answerId, feedback) {
      await stored.rate(actor, answerId, feedback);
      if (feedback?.rating === "down") await answers.reject(actor, answerId);
    },
  };
  const runningAnswers = createRunningAnswers({
    answer: tracedAnswers(deps, answering),
    isAnsweredAlready: (actor, asked) => isAnsweredAlready(answering, actor, asked),
    conversations,
    store: createAnswerStore({ db }),
    log: createMemoryStreamLog({ clock }),
    clock,
    owner,
    report,
    turnLimits: () => settings().chat,
    admission: deps.admission,
  });
  return { conversations, shares: createShareStore({ db }), runningAnswers };
}

const tracedAnswers = (
  { db, clock, report, settings }: Parameters<typeof composeAnswers>[0],
  answering: AnswerQuestionDeps,
) =>
  createTracedAnswers({
    ...{ answering, answer: answerQuestion, clock, report },
    traces: createAnswerTraces({ database: db }),
    traceDays: () => settings().quality.traceDays,
  });
