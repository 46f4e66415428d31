import { exactText } from "../../core/cache/answer-key.ts";
import { calibrate, errorBudget, upperBound, type Tally } from "../../core/cache/calibration.ts";
import { areNearForms } from "../../core/cache/near-form.ts";
import { questionForm } from "../../core/cache/question-form.ts";
import { isOpenToScore } from "../../core/cache/scored-pair.ts";
import { decideSemantic, wordsLimit } from "../../core/cache/semantic-decision.ts";
import { vetoes } from "../../core/cache/vetoes.ts";
import { AppError } from "../../core/errors/app-error.ts";
import { cosineOf } from "../../core/rag/cosine.ts";
import { milliseconds } from "../../core/time/milliseconds.ts";
import type { LocalModels, ModelCall } from "../../local-models.ts";
import type { EvaluationData } from "../../ports/evaluation-data.ts";
import type { SameQuestion } from "../same-question.ts";
import type { ScorerCalibrations } from "../scorer-calibration.ts";
import { readCacheData, type LabelledWordings } from "./cache-data.ts";
import type { Evaluation, EvaluationRun } from "./evaluation.ts";
import { replayTraffic, type ReplayTrafficDeps } from "./replay-traffic.ts";

export interface EvaluateCacheDeps extends Omit<ReplayTrafficDeps, "sameQuestion"> {
  /** `contested-pairs.jsonl`: pairs whose label does not hold, `{ id, reason }` each; they are counted apart. */
  readonly contested: EvaluationData;
  /** The cross-encoder of the nodes, where one has one; it is calibrated first, as the product would. */
  readonly scoring: ScoringParts;
}

export interface ScoringParts {
  readonly calibrations: ScorerCalibrations;
  readonly sameQuestion: SameQuestion;
}

interface Judged {
  readonly pair: LabelledWordings;
  /** What served it, or why it was not served. */
  readonly by: string;
  readonly served: boolean;
  /** Cosine of the two wordings; `null` where their words had decided. */
  readonly similarity: number | null;
  /** Words alone stand against it, and a calibrated cross-encoder says that they mean the same. */
  readonly servedByScorer: boolean;
}

const stepMs = 120_000;

/**
 * The answer cache on labelled pairs and on traffic. `pair.*` is the decision on the two wordings alone, without evidence; `traffic.*`
 * is the whole cache over a database with one document a cluster. Wrong hits come with their one-sided 95 % bound.
 */
export function createEvaluateCache(deps: EvaluateCacheDeps): Evaluation {
  return async (run) => {
    const { pairs, clusters } = await readCacheData(run.data);
    if (pairs.length + clusters.length === 0)
      throw new AppError("not_found", {}, { cause: new Error(`pairs in ${run.data.path}`) });
    const contested = await contestedIds(deps.contested);
    const call = (): ModelCall => ({
      class: "ingest",
      client: "evaluate",
      deadline: milliseconds(deps.clock.now() + stepMs),
      signal: run.signal,
    });
    const scorer = await calibrated(deps.scoring, run);
    const judged = await judgePairs(deps, run, pairs, call);
    const settled = judged.filter(({ pair }) => !contested.has(pair.id));
    const wrong = settled.filter(({ pair, served }) => served && !pair.same);
    const { sameQuestion } = deps.scoring;
    const traffic = await replayTraffic({ ...deps, sameQuestion }, run, clusters, call, contested);
    return {
      metrics: { ...scorer, ...pairMetrics(settled), ...traffic.metrics },
      counts: {
        pairs: pairs.length,
        contested: judged.length - settled.length,
        ...byGuard(settled),
        ...traffic.counts,
      },
      // Ids alone: the texts of some sets must not be passed on.
      wrong: wrong.map(({ pair, by }) => ({ id: pair.id, by })),
      wrongTraffic: traffic.wrong,
    };
  };
}

async function contestedIds(data: EvaluationData): Promise<ReadonlySet<string>> {
  const name = "contested-pairs.jsonl";
  const ids = new Set<string>();
  if (!(await data.has(name))) return ids;
  for await (const line of data.lines(name)) ids.add((JSON.parse(line) as { id: string }).id);
  return ids;
}

const measuredAtOnce = 500;

/** What the scorer was found to be worth; nothing where there is none, or none that says anything. */
async function calibrated(
  { calibrations }: ScoringParts,
  run: EvaluationRun,
): Promise<Record<string, number>> {
  for (let before = -1; ;) {
    const readout = await calibrations.readout();
    if (readout === null || readout.scored === before) return {};
    const { calibration, scored, pairs } = readout;
    if (calibration !== null)
      return {
        ...(calibration.limit === null ? {} : { "scorer.limit": calibration.limit }),
        ...{ "scorer.served": calibration.tally.served, "scorer.wrong": calibration.tally.wrong },
        ...{ "scorer.bound": calibration.bound, "scorer.pair-ms": calibration.pairMs },
      };
    run.onProgress(`${String(scored)} of ${String(pairs)} pairs scored by ${readout.model}`);
    before = scored;
    await calibrations.work(measuredAtOnce, run.signal);
  }
}

type JudgeDeps = Pick<EvaluateCacheDeps, "models" | "scoring">;

async function judgePairs(
  deps: JudgeDeps,
  run: EvaluationRun,
  pairs: readonly LabelledWordings[],
  call: () => ModelCall,
): Promise<readonly Judged[]> {
  const judged: Judged[] = [];
  for (const [place, pair] of pairs.entries()) {
    run.signal.throwIfAborted();
    const words = await judge(deps.models, pair, call);
    judged.push({ ...words, servedByScorer: await isScoredSame(deps.scoring, words, run.signal) });
    if ((place + 1) % 1000 === 0)
      run.onProgress(`${String(place + 1)} of ${String(pairs.length)} pairs judged`);
  }
  return judged;
}

const mayServe = (a: string, b: string): boolean => {
  const form = questionForm(a)?.text;
  return (form !== undefined && form === questionForm(b)?.text) || areNearForms(a, b);
};

const isScoredSame = async (
  { sameQuestion }: ScoringParts,
  { pair: { a, b }, served }: Omit<Judged, "servedByScorer">,
  signal: AbortSignal,
): Promise<boolean> =>
  !served && isOpenToScore({ cached: a, asked: b }) && (await sameQuestion.atIdle(a, b, signal));

/** Vectors are computed only where the words have not decided already. */
async function judge(
  models: Pick<LocalModels, "embed">,
  pair: LabelledWordings,
  call: () => ModelCall,
): Promise<Omit<Judged, "servedByScorer">> {
  const { a, b } = pair;
  if (exactText(a) === exactText(b)) return { pair, by: "exact", served: true, similarity: null };
  const found = vetoes(a, b);
  if (found.length > 0 && !mayServe(a, b))
    return { pair, by: `veto.${found[0]?.kind ?? ""}`, served: false, similarity: null };
  const { vectors } = await models.embed([a, b], call());
  const similarity = cosineOf(vectors[0] ?? [], vectors[1] ?? []);
  const pairAlone = { words: wordsLimit, answers: null };
  const decision = decideSemantic({ cached: a, asked: b, cosine: similarity }, null, pairAlone);
  const served = decision.kind === "same";
  return { pair, by: served ? decision.by : `unproven.${decision.reason}`, served, similarity };
}

/** Figures of one set each, and of all. */
function pairMetrics(judged: readonly Judged[]): Record<string, number> {
  const metrics: Record<string, number> = {};
  const sets = Map.groupBy(judged, ({ pair }) => pair.set);
  for (const [name, list] of judged.length === 0 ? [] : [...sets, ["all", judged] as const]) {
    const same = list.filter(({ pair }) => pair.same);
    const served = list.filter((one) => one.served);
    const wrong = served.filter(({ pair }) => !pair.same).length;
    const different = list.length - same.length;
    if (same.length > 0) metrics[`pair.${name}.hit-rate`] = (served.length - wrong) / same.length;
    metrics[`pair.${name}.served`] = served.length;
    metrics[`pair.${name}.wrong`] = wrong;
    if (served.length > 0)
      metrics[`pair.${name}.wrong-share-bound`] = upperBound({ served: served.length, wrong });
    const passed: Tally = { served: different, wrong };
    if (different > 0) metrics[`pair.${name}.different-served-bound`] = upperBound(passed);
    Object.assign(metrics, withScorer(name, list));
    const limit = similarityLimit(list);
    if (limit !== null) metrics[`pair.${name}.similarity-limit`] = limit;
  }
  return metrics;
}

/** The same with what a cross-encoder adds; nothing where it adds nothing. */
function withScorer(name: string, list: readonly Judged[]): Record<string, number> {
  const served = list.filter((one) => one.served || one.servedByScorer);
  if (!list.some(({ servedByScorer }) => servedByScorer)) return {};
  const wrong = served.filter(({ pair }) => !pair.same).length;
  const same = list.filter(({ pair }) => pair.same).length;
  const bound = upperBound({ served: served.length, wrong });
  const named = `pair.${name}.with-scorer`;
  return {
    ...(same === 0 ? {} : { [`${named}.hit-rate`]: (served.length - wrong) / same }),
    ...{ [`${named}.served`]: served.length, [`${named}.wrong`]: wrong },
    [`${named}.wrong-share-bound`]: bound,
  };
}

/** From which similarity on the pairs without a veto would keep to the error budget: what another embedder is calibrated with. */
const similarityLimit = (judged: readonly Judged[]): number | null =>
  calibrate(
    judged.flatMap(({ pair, similarity }) =>
      similarity === null ? [] : [{ similarity, same: pair.same }],
    ),
    errorBudget,
  ).limit;

/** How many pairs each guard decided, right and wrong labels together. */
function byGuard(judged: readonly Judged[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { by, pair } of judged) {
    const name = `by.${by}.${pair.same ? "same" : "different"}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
