import type { Actor } from "../core/access/actor.ts";
import { exactText } from "../core/cache/answer-key.ts";
import {
  errorBudget,
  semanticState,
  summed,
  upperBound,
  type SemanticState,
  type Tally,
} from "../core/cache/calibration.ts";
import { areNearForms } from "../core/cache/near-form.ts";
import { isOpenToScore } from "../core/cache/scored-pair.ts";
import { questionForm } from "../core/cache/question-form.ts";
import {
  calibrationOf,
  limitsFor,
  decideSemantic,
  type SemanticDecision,
} from "../core/cache/semantic-decision.ts";
import { vetoes, type Veto } from "../core/cache/vetoes.ts";
import { AppError } from "../core/errors/app-error.ts";
import { cosineOf } from "../core/rag/cosine.ts";
import type { LocalModels, ModelCall } from "../local-models.ts";
import type { CacheCounters, TierHour } from "../ports/cache-counters.ts";
import type { CacheHour, CacheOverviewStore, CacheTotals } from "../ports/cache-overview.ts";
import type {
  CachePrewarmStore,
  ListedQuestion,
  PrewarmRun,
} from "../ports/cache-prewarm-store.ts";
import type { CacheUpkeepStore } from "../ports/cache-upkeep-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { CuratedAnswers, CuratedState } from "./curated-answers.ts";
import type { SameQuestion } from "./same-question.ts";
import type { ScorerCalibrations, ScorerReadout } from "./scorer-calibration.ts";

/** What is known of other wordings: thresholds are read off calibration, never set. */
export interface SemanticReadout {
  readonly state: SemanticState;
  readonly embedder: string;
  /** Similarity from which equal words in another form are served; `null` = form alone. */
  readonly wordsLimit: number | null;
  /** As `wordsLimit`, for other words at idle time when both answers agree; `null` = none. */
  readonly answersLimit: number | null;
  readonly calibrated: Tally;
  readonly shadow: Tally;
  /** One-sided 95 % bound of wrong hits on both together, 0 to 1. */
  readonly bound: number;
  readonly budget: number;
  /** The installed cross-encoder; `null`: none. */
  readonly scorer: ScorerReadout | null;
}

export interface ShownListed {
  readonly id: string;
  readonly question: string;
  /** In an admin's words; `null`: answered as any question. */
  readonly answer: string | null;
  readonly documents: readonly string[];
  readonly state: CuratedState | null;
  readonly updatedAt: Date;
}

export interface CacheReport {
  readonly hours: readonly CacheHour[];
  /** What each place of storage was asked for and had, of all workspaces together. */
  readonly tiers: readonly TierHour[];
  readonly totals: CacheTotals;
  readonly semantic: SemanticReadout;
  readonly listed: readonly ShownListed[];
  readonly prewarmer: { readonly everyMs: number; readonly runs: readonly PrewarmRun[] };
}

/** What each guard says of two wordings. */
export interface PairReport {
  readonly isSameText: boolean;
  readonly forms: readonly (string | null)[];
  readonly cosine: number;
  readonly vetoes: readonly Veto[];
  /** They differ by nothing but what seldom changes an answer. */
  readonly isNearForm: boolean;
  readonly wordsLimit: number | null;
  readonly decision: SemanticDecision;
  /** What an installed cross-encoder says of the pair both ways round; `null`: none is installed, or it says nothing. */
  readonly score: number | null;
  /** From which score on it may be trusted; `null`: not measured, or no limit keeps to the budget. */
  readonly scoreLimit: number | null;
  /** Guards leave it to a cross-encoder. */
  readonly isOpenToScore: boolean;
}

export interface InspectCache {
  report(actor: Actor, days: number): Promise<CacheReport>;
  pair(actor: Actor, one: string, other: string, call: ModelCall): Promise<PairReport>;
}

export interface InspectCacheDeps {
  readonly overview: CacheOverviewStore;
  readonly counters: Pick<CacheCounters, "tierHours">;
  readonly prewarm: Pick<CachePrewarmStore, "listed" | "runs">;
  readonly upkeep: Pick<CacheUpkeepStore, "tallies">;
  readonly curated: Pick<CuratedAnswers, "state">;
  readonly models: Pick<LocalModels, "embed" | "fingerprint">;
  readonly clock: Clock;
  readonly everyMs: number;
  readonly calibrations: Pick<ScorerCalibrations, "current" | "readout">;
  readonly sameQuestion: Pick<SameQuestion, "score">;
}

const dayMs = 24 * 3_600_000;
const runsShown = 8;

/** What admins see of the answer cache. */
export function createInspectCache(deps: InspectCacheDeps): InspectCache {
  return {
    async report(actor, days) {
      const since = new Date(deps.clock.wallTime().getTime() - days * dayMs);
      const listed = await deps.prewarm.listed(actor.workspaceId);
      return {
        hours: await deps.overview.hours(actor, since),
        tiers: await deps.counters.tierHours(since),
        totals: await deps.overview.totals(actor),
        semantic: await semanticOf(deps, actor),
        listed: await Promise.all(listed.map((one) => shownOf(deps, actor, one))),
        prewarmer: { everyMs: deps.everyMs, runs: await deps.prewarm.runs(runsShown) },
      };
    },
    async pair(actor, one, other, call) {
      if (actor.role !== "admin") throw new AppError("forbidden", {});
      const { vectors } = await deps.models.embed([one, other], call);
      const cosine = cosineOf(vectors[0] ?? [], vectors[1] ?? []);
      const limits = limitsFor(deps.models.fingerprint().embedder, other);
      return {
        isSameText: exactText(one) === exactText(other),
        forms: [one, other].map((text) => questionForm(text)?.text ?? null),
        cosine,
        vetoes: vetoes(one, other),
        isNearForm: areNearForms(one, other),
        wordsLimit: limits.words,
        decision: decideSemantic({ cached: one, asked: other, cosine }, null, limits),
        score: await deps.sameQuestion.score(one, other, call),
        scoreLimit: deps.calibrations.current()?.limit ?? null,
        isOpenToScore: isOpenToScore({ cached: one, asked: other }),
      };
    },
  };
}

async function semanticOf(
  { upkeep, models, calibrations }: InspectCacheDeps,
  actor: Actor,
): Promise<SemanticReadout> {
  const { embedder } = models.fingerprint();
  const { words, answers, tally } = calibrationOf(embedder);
  const shadow = (await upkeep.tallies()).get(actor.workspaceId) ?? { served: 0, wrong: 0 };
  return {
    state: semanticState(shadow, tally),
    embedder: embedder.split(" ")[0] ?? "",
    wordsLimit: words,
    answersLimit: answers,
    calibrated: tally,
    shadow: { served: shadow.served, wrong: shadow.wrong },
    bound: upperBound(summed(tally, shadow)),
    budget: errorBudget,
    scorer: await calibrations.readout(),
  };
}

async function shownOf(
  { curated: answers }: InspectCacheDeps,
  actor: Actor,
  listed: ListedQuestion,
): Promise<ShownListed> {
  const { id, question, curated, updatedAt } = listed;
  const sources = curated?.snapshot.sources ?? [];
  return {
    ...{ id, question, updatedAt },
    answer: curated?.answer ?? null,
    documents: [...new Set(sources.map(({ documentTitle }) => documentTitle))],
    state: curated === null ? null : await answers.state(actor, listed),
  };
}
