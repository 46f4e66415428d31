import type {
  CachePrewarmStore,
  LeaderLease,
  PrewarmTrigger,
} from "./ports/cache-prewarm-store.ts";
import type { CacheUpkeepStore } from "./ports/cache-upkeep-store.ts";
import type { Clock } from "./ports/clock.ts";
import {
  createRoundLedger,
  prewarmRound,
  type PrewarmRoundDeps,
  type RoundLedger,
} from "./services/prewarm-round.ts";
import type { ProveAtIdle } from "./services/prove-at-idle.ts";
import type { WordingLog } from "./services/wording-log.ts";

export interface CachePrewarmerDeps extends PrewarmRoundDeps {
  readonly prewarm: CachePrewarmStore;
  readonly upkeep: Pick<CacheUpkeepStore, "forgetOld">;
  readonly lease: LeaderLease;
  readonly idle: ProveAtIdle;
  readonly log: WordingLog;
  readonly clock: Clock;
  /** Names this process, differently after every start. */
  readonly owner: string;
  readonly settings: () => { readonly prewarm: boolean; readonly prewarmQuestions: number };
  /** False while no node can answer, or while the cluster cuts back. */
  readonly mayWork: () => boolean;
}

export interface CachePrewarmer {
  /**
   * Works in the background until the signal aborts: a round at the start, every 30 min, some time after documents changed and when an
   * admin asks; between rounds it proves other wordings. Of several processes one leads.
   */
  run(signal: AbortSignal): Promise<void>;
  /** The little of `run` that a process which only answers has to do: it writes down what was asked and reads what others found. */
  follow(signal: AbortSignal): Promise<void>;
}

export const prewarmEveryMs = 30 * 60_000;
const tickMs = 5000;
const leaseMs = 30_000;
const leaseName = "cache-prewarmer";
/** Uploads come in heaps: a round begins when the documents have been still for this long. */
const stillMs = 60_000;
const provenPerTick = 20;
const forgetEveryMs = 3_600_000;

interface State {
  leads: boolean;
  lastRoundAt: number | null;
  corpus: string | null;
  corpusChangedAt: number;
  isStale: boolean;
  forgotAt: number | null;
  /** Of the last round: what is proven until the next one is counted there. */
  ledger: RoundLedger | null;
}

/** Keeps models in memory and answers at hand, and proves at idle time what no person should wait for. */
export function createCachePrewarmer(deps: CachePrewarmerDeps): CachePrewarmer {
  const { clock, report } = deps;
  const everyTick = async (work: () => Promise<void>, signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await work().catch((error: unknown) => {
        if (!signal.aborted) report(error, "prewarmer");
      });
      await clock.sleep(tickMs, signal).catch(() => undefined);
    }
    await deps.log.flush().catch(() => undefined);
  };
  return {
    follow: (signal) => everyTick(() => exchange(deps), signal),
    async run(signal) {
      const state: State = {
        ...{ leads: false, lastRoundAt: null, corpus: null },
        ...{ corpusChangedAt: 0, isStale: false, forgotAt: null, ledger: null },
      };
      await everyTick(() => tick(deps, state, signal), signal);
      await deps.lease.release(leaseName, deps.owner).catch(() => undefined);
    },
  };
}

/** Tells the other processes what was asked here, and hears what they found. */
async function exchange({ log, idle }: CachePrewarmerDeps): Promise<void> {
  await log.flush();
  await idle.refresh();
}

async function tick(deps: CachePrewarmerDeps, state: State, signal: AbortSignal): Promise<void> {
  await exchange(deps);
  const led = state.leads;
  state.leads = await deps.lease.hold(leaseName, deps.owner, leaseMs);
  if (!state.leads) return;
  if (!led) await deps.prewarm.endAbandoned();
  if (!deps.mayWork()) return;
  await leading(deps, signal, async (held) => {
    const trigger = await dueTrigger(deps, state);
    const runId = await deps.prewarm.begin(trigger);
    if (runId !== null) await round(deps, state, runId, held);
    else await proveSome(deps, state.ledger, held);
    await forgetSometimes(deps, state);
  });
}

/** Holds the lease while the work runs; who loses it stops. */
async function leading(
  { lease, clock, owner }: CachePrewarmerDeps,
  signal: AbortSignal,
  work: (held: AbortSignal) => Promise<void>,
): Promise<void> {
  const lost = new AbortController();
  const over = new AbortController();
  const renew = async (): Promise<void> => {
    const until = AbortSignal.any([over.signal, signal]);
    for (;;) {
      await clock.sleep(leaseMs / 3, until);
      if (!(await lease.hold(leaseName, owner, leaseMs))) lost.abort(new Error("another leads"));
    }
  };
  // Ends by its sleep being broken off, or by a database that is away: then the lease is lost too.
  const renewing = renew().catch(() => {
    lost.abort(new Error("the lease could not be renewed"));
  });
  try {
    await work(AbortSignal.any([lost.signal, signal]));
  } finally {
    over.abort();
    await renewing;
  }
}

async function dueTrigger(
  { clock, prewarm, settings }: CachePrewarmerDeps,
  state: State,
): Promise<PrewarmTrigger | null> {
  const now = clock.now();
  const corpus = await prewarm.corpusState();
  if (corpus !== state.corpus) {
    if (state.corpus !== null) state.isStale = true;
    state.corpus = corpus;
    state.corpusChangedAt = now;
  }
  if (!settings().prewarm) return null;
  if (state.lastRoundAt === null) return "start";
  if (now - state.lastRoundAt >= prewarmEveryMs) return "timer";
  return state.isStale && now - state.corpusChangedAt >= stillMs ? "documents" : null;
}

async function round(
  deps: CachePrewarmerDeps,
  state: State,
  runId: string,
  signal: AbortSignal,
): Promise<void> {
  state.lastRoundAt = deps.clock.now();
  state.isStale = false;
  const ledger = createRoundLedger(deps.prewarm, runId);
  state.ledger = ledger;
  try {
    await prewarmRound(deps, ledger, signal);
    await proveSome(deps, ledger, signal);
    await deps.prewarm.end(runId, "complete");
  } catch (error) {
    await deps.prewarm.end(runId, signal.aborted ? "stopped" : "failed");
    throw error;
  }
}

async function proveSome(
  { idle }: CachePrewarmerDeps,
  ledger: RoundLedger | null,
  signal: AbortSignal,
): Promise<void> {
  const proven = await idle.work(provenPerTick, signal);
  if (proven.size === 0 || ledger === null) return;
  const { tookMs = 0, tokens = 0, ...counts } = Object.fromEntries(proven);
  for (const [name, count] of Object.entries(counts)) ledger.add(name, count);
  ledger.spent({ tookMs, tokens });
  await ledger.write();
}

async function forgetSometimes({ upkeep, clock }: CachePrewarmerDeps, state: State): Promise<void> {
  const now = clock.now();
  if (state.forgotAt !== null && now - state.forgotAt < forgetEveryMs) return;
  state.forgotAt = now;
  await upkeep.forgetOld();
}
