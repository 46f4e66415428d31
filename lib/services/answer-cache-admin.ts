import type { Actor } from "../core/access/actor.ts";
import { exactText } from "../core/cache/answer-key.ts";
import { AppError } from "../core/errors/app-error.ts";
import type { ModelCall } from "../local-models.ts";
import type { CacheOverviewStore } from "../ports/cache-overview.ts";
import type { CachePrewarmStore, ListedQuestion } from "../ports/cache-prewarm-store.ts";
import type { CuratedAnswers } from "./curated-answers.ts";
import type { InspectCache } from "./inspect-cache.ts";

/** What admins see of the answer cache and do to it. */
export interface AnswerCacheAdmin
  extends
    InspectCache,
    Pick<CacheOverviewStore, "entries" | "entry" | "remove" | "clear">,
    Pick<CuratedAnswers, "passages">,
    Pick<CachePrewarmStore, "unlist"> {
  /** Puts a question on the list, with an answer of the admin's own where one is given. Errors as CuratedAnswers.save. */
  list(
    actor: Actor,
    given: {
      readonly question: string;
      readonly curated: { readonly answer: string; readonly chunkIds: readonly string[] } | null;
    },
    call: ModelCall,
  ): Promise<ListedQuestion>;
  /** The process that leads begins a round within seconds. */
  startPrewarming(actor: Actor): Promise<void>;
}

export function createAnswerCacheAdmin(deps: {
  readonly inspect: InspectCache;
  readonly overview: CacheOverviewStore;
  readonly curated: CuratedAnswers;
  readonly prewarm: CachePrewarmStore;
}): AnswerCacheAdmin {
  const { inspect, overview, curated, prewarm } = deps;
  return {
    ...inspect,
    ...overview,
    passages: (...asked) => curated.passages(...asked),
    unlist: (actor, id) => prewarm.unlist(actor, id),
    async list(actor, { question, curated: written }, call) {
      if (written !== null) return curated.save(actor, { question, ...written }, call);
      const plain = { question, exactText: exactText(question), collectionIds: [], curated: null };
      return prewarm.list(actor, plain);
    },
    async startPrewarming(actor) {
      if (actor.role !== "admin") throw new AppError("forbidden", {});
      await prewarm.request();
    },
  };
}
