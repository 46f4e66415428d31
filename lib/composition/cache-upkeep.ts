import { randomUUID } from "node:crypto";
import { createCacheOverviewStore } from "../adapters/database/cache-overview.ts";
import { createCachePrewarmStore } from "../adapters/database/cache-prewarm-store.ts";
import { createLeaderLease } from "../adapters/database/leader-lease.ts";
import type { Database } from "../adapters/database/typed-database.ts";
import {
  createCachePrewarmer,
  prewarmEveryMs,
  type CachePrewarmer,
  type CachePrewarmerDeps,
} from "../cache-prewarmer.ts";
import { instructionsKey } from "../core/chat/answer-instructions.ts";
import type { Settings } from "../core/settings/settings.ts";
import type { LocalModels } from "../local-models.ts";
import type { AnswerCacheStore } from "../ports/answer-cache-store.ts";
import type { CacheCounters } from "../ports/cache-counters.ts";
import type { CacheUpkeepStore } from "../ports/cache-upkeep-store.ts";
import type { ChunkSearch } from "../ports/chunk-search.ts";
import type { Clock } from "../ports/clock.ts";
import type { CollectionStore } from "../ports/collection-store.ts";
import { createAnswerCacheAdmin, type AnswerCacheAdmin } from "../services/answer-cache-admin.ts";
import { createCuratedAnswers } from "../services/curated-answers.ts";
import type { AnswerLine } from "../services/idle-answers.ts";
import { createInspectCache } from "../services/inspect-cache.ts";
import { createJudgeSame } from "../services/judge-same.ts";
import type { ResidencyCounts } from "../services/keep-resident.ts";
import { createProveAtIdle, type ProveAtIdle } from "../services/prove-at-idle.ts";
import type { QuietTime } from "../services/quiet-time.ts";
import type { RetrieveChunks } from "../services/retrieve-chunks.ts";
import type { WordingLog } from "../services/wording-log.ts";
import type { SameQuestionParts } from "./same-question.ts";

export interface CacheUpkeepParts extends SameQuestionParts {
  readonly db: Database;
  readonly clock: Clock;
  readonly owner: string;
  readonly report: (error: unknown, context: string) => void;
  readonly models: LocalModels;
  readonly retrieve: RetrieveChunks;
  readonly search: Pick<ChunkSearch, "load">;
  readonly collections: Pick<CollectionStore, "rules">;
  readonly settings: () => Settings;
  readonly store: AnswerCacheStore;
  readonly upkeep: CacheUpkeepStore;
  readonly counters: Pick<CacheCounters, "tierHours">;
  readonly log: WordingLog;
  readonly quiet: QuietTime;
  readonly keepResident: (periodMs: number, signal: AbortSignal) => Promise<ResidencyCounts>;
  readonly suggest: CachePrewarmerDeps["suggest"];
  /** A node can answer, and the cluster is well enough for extras. */
  readonly mayPrewarm: () => boolean;
  readonly fingerprint: () => { readonly chat: string; readonly embedder: string };
  readonly answerVersion: string;
  readonly answer: AnswerLine;
  /** Past the cache. */
  readonly answerAnew: AnswerLine;
}

/** What keeps the answer cache filled, proven and honest while nobody waits. */
export function composeCacheUpkeep(parts: CacheUpkeepParts): {
  readonly idle: ProveAtIdle;
  readonly prewarmer: CachePrewarmer;
  readonly admin: AnswerCacheAdmin;
} {
  const { clock, report, models, retrieve, store, upkeep, quiet, fingerprint, settings } = parts;
  const judge = createJudgeSame({ models, clock });
  const prewarm = createCachePrewarmStore({ database: parts.db });
  const { calibrations, sameQuestion } = parts;
  const idle = createProveAtIdle({
    ...{ store, upkeep, retrieve, clock, fingerprint, quiet, newId: randomUUID },
    ...{ calibrations, sameQuestion },
    answerVersion: parts.answerVersion,
    instructions: async (actor, ids) => instructionsKey(await parts.collections.rules(actor, ids)),
    answer: parts.answerAnew,
    ...(judge === undefined ? {} : { judge }),
  });
  const curated = createCuratedAnswers({
    ...{ store, prewarm, retrieve, fingerprint, newId: randomUUID },
    search: parts.search,
  });
  const prewarmer = createCachePrewarmer({
    ...{ prewarm, store, curated, quiet, upkeep, idle, clock, report, newId: randomUUID },
    answer: parts.answer,
    suggest: parts.suggest,
    keepResident: (signal) => parts.keepResident(prewarmEveryMs, signal),
    settings: () => settings().cache,
    lease: createLeaderLease({ database: parts.db }),
    log: parts.log,
    owner: parts.owner,
    mayWork: parts.mayPrewarm,
  });
  const overview = createCacheOverviewStore({ database: parts.db });
  const inspect = createInspectCache({
    ...{ overview, prewarm, upkeep, curated, models, clock, everyMs: prewarmEveryMs },
    ...{ calibrations, sameQuestion },
    counters: parts.counters,
  });
  const admin = createAnswerCacheAdmin({ inspect, overview, curated, prewarm });
  return { idle, prewarmer, admin };
}
