import { createChance } from "./chance.ts";

/** One request of a trace. Times in seconds at speed 1. */
export interface Job {
  readonly id: number;
  readonly at: number;
  readonly model: number;
  /** Whose prefix it continues; `null` = a prompt of its own. */
  readonly conversation: number | null;
  /** Prefill with nothing in the cache. */
  readonly prefillS: number;
  /** Prefill where the conversation's prefix is held. */
  readonly warmPrefillS: number;
  readonly decodeS: number;
  /** What the predictor believes of the decode time. */
  readonly hintS: number;
}

/** The nodes of an experiment. */
export interface Cluster {
  /** One a node; 1 = as fast as the trace's seconds. */
  readonly speeds: readonly number[];
  readonly slots: number;
  /** Models in memory at a node at a time. */
  readonly residentModels: number;
  readonly loadS: number;
  /** Conversations whose prefix a node holds. */
  readonly cachedConversations: number;
}

export const fourNodes = (change: Partial<Cluster> = {}): Cluster => ({
  speeds: [1, 1, 1, 1],
  slots: 2,
  residentModels: 4,
  loadS: 0,
  cachedConversations: 0,
  ...change,
});

interface TraceOptions {
  readonly seed: number;
  readonly count: number;
  /** Offered work ÷ capacity. */
  readonly load: number;
  readonly cluster: Cluster;
}

const capacity = ({ speeds, slots }: Cluster): number =>
  slots * speeds.reduce((sum, speed) => sum + speed, 0);

/** Poisson arrivals, lognormal sizes of mean 1 and cv 1; hints off by a log-error of `noise`. */
export function oneModelTrace(
  { seed, count, load, cluster }: TraceOptions,
  noise = 0.8,
): readonly Job[] {
  const chance = createChance(seed);
  const gapS = 1 / (load * capacity(cluster));
  let at = 0;
  return Array.from({ length: count }, (_, id) => {
    at += chance.exponential(gapS);
    const decodeS = chance.logNormal(1, 1);
    const hintS = decodeS * Math.exp(noise * chance.normal());
    return { ...bare, id, at, decodeS, hintS };
  });
}

const bare = { model: 0, conversation: null, prefillS: 0, warmPrefillS: 0 };

export const modelShares = [0.55, 0.25, 0.15, 0.05];

/** Four models at .55/.25/.15/.05, service of mean 8 s. */
export function modelMixTrace(options: TraceOptions, noise = 0.8): readonly Job[] {
  const serviceS = 8;
  const chance = createChance(options.seed + 1);
  const load = options.load / serviceS;
  return oneModelTrace({ ...options, load }, noise).map((job) => ({
    ...job,
    model: chance.weighted(modelShares),
    decodeS: job.decodeS * serviceS,
    hintS: job.hintS * serviceS,
  }));
}

/** Conversations of about six turns, the next one 5 to 30 s after an answer could be there; prefill 3 s cold, 1 s warm, decode 5 s. */
export function conversationTrace({ seed, count, load, cluster }: TraceOptions): readonly Job[] {
  const chance = createChance(seed);
  const meanServiceS = 5 + 0.25 * 3 + 0.75 * 1;
  const turns = 6;
  const gapS = (turns * meanServiceS) / (load * capacity(cluster));
  const jobs: Job[] = [];
  let start = 0;
  for (let conversation = 0; jobs.length < count; conversation += 1) {
    start += chance.exponential(gapS);
    let at = start;
    const lastTurn = 1 + Math.floor(Math.log(1 - chance.next()) / Math.log(1 - 1 / turns));
    for (let turn = 0; turn < lastTurn; turn += 1) {
      const decodeS = chance.exponential(5);
      jobs.push({
        ...{ id: 0, at, model: 0, conversation },
        ...{ prefillS: 3, warmPrefillS: 1, decodeS, hintS: 5 },
      });
      at += meanServiceS + 5 + 25 * chance.next();
    }
  }
  return jobs.sort((one, other) => one.at - other.at).map((job, id) => ({ ...job, id }));
}
