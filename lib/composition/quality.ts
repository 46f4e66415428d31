import { createAnswerTraces } from "../adapters/database/answer-traces.ts";
import { createChunkSearch } from "../adapters/database/chunk-search.ts";
import { createGoldenStore } from "../adapters/database/golden-store.ts";
import { createQualityWork } from "../adapters/database/quality-work.ts";
import type { Database } from "../adapters/database/typed-database.ts";
import type { Actor } from "../core/access/actor.ts";
import type { Settings } from "../core/settings/settings.ts";
import type { GoldenStore } from "../ports/golden-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { QualityWork, QualityWorkList, WorkState } from "../ports/quality-work.ts";
import type { LocalModels } from "../local-models.ts";
import { scorerDescription } from "../services/embedding-scorer.ts";
import { createReadTrace, type ReadTrace } from "../services/read-trace.ts";
import type { RetrieveChunks } from "../services/retrieve-chunks.ts";
import { createTrySearch, type TrySearch } from "../services/try-search.ts";

/** What admins see of how well questions are answered, and what they can try. */
export interface Quality extends Pick<QualityWork, "settleQuestion" | "settleDocument"> {
  readonly trace: ReadTrace;
  readonly trySearch: TrySearch;
  readonly golden: GoldenStore;
  /** `scorer`: what judges evidence, in words. */
  work(actor: Actor, state: WorkState): Promise<QualityWorkList & { readonly scorer: string }>;
}

export function composeQuality(deps: {
  readonly db: Database;
  readonly clock: Clock;
  readonly retrieve: RetrieveChunks;
  readonly models: Pick<LocalModels, "embedModel">;
  /** A run was queued. */
  readonly onQueued: () => void;
  readonly settings: () => Settings;
}): Quality {
  const { db: database, clock, retrieve, settings } = deps;
  const search = createChunkSearch({ database });
  const traces = createAnswerTraces({ database });
  const list = createQualityWork({ database });
  const golden = createGoldenStore({ database });
  const refusalsShown = () => settings().quality.refusalsShown;
  return {
    trace: createReadTrace({ traces, search, refusalsShown }),
    golden: {
      ...golden,
      start: (actor, collectionId, chosen) =>
        golden.start(actor, collectionId, chosen).finally(deps.onQueued),
    },
    trySearch: createTrySearch({ retrieve, search, clock }),
    work: async (actor, state) => ({
      ...(await list.list(actor, state, { refusalsShown: refusalsShown() })),
      scorer: scorerDescription(deps.models.embedModel),
    }),
    settleQuestion: (...asked) => list.settleQuestion(...asked),
    settleDocument: (...asked) => list.settleDocument(...asked),
  };
}
