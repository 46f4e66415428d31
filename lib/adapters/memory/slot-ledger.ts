import type { BalancingPolicy } from "../../core/balancing/policies.ts";
import { AppError } from "../../core/errors/app-error.ts";
import { Dispatcher, lookAgainMs } from "../../core/scheduling/dispatcher.ts";
import { forecastOf, type Forecast } from "../../core/scheduling/forecast.ts";
import type { Grant } from "../../core/scheduling/waiter.ts";
import {
  workClasses,
  type ClassRules,
  type WorkClass,
  type WorkKind,
} from "../../core/scheduling/work-class.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Lease, SlotLedger, Waiter } from "../../ports/slot-ledger.ts";

export interface MemorySlotLedgerDeps {
  readonly clock: Clock;
  /** Read at each decision, so that it can be changed while the program runs. */
  readonly policy: () => BalancingPolicy;
  /** From 0 to below 1, for the policy `random`. */
  readonly chance?: () => number;
  readonly rules?: () => ClassRules;
  /** Classes that get no slot for now. */
  readonly isHeld?: (workClass: WorkClass) => boolean;
  /** Waiters allowed before new ones are refused. */
  readonly queueLimit?: number;
}

const defaultQueueLimit = 10_000;
const retryAfterMs = 5000;
const forecastForMs = 250;
const keptForEachMs = 20;
const longestKeptMs = 1000;

/** Slot ledger and admission queue of a single process: the dispatcher with a clock, and a promise for everyone who waits. */
export function createMemorySlotLedger(deps: MemorySlotLedgerDeps): SlotLedger {
  const { clock, queueLimit = defaultQueueLimit, chance = Math.random } = deps;
  const dispatcher = new Dispatcher({ ...deps, chance });
  const { lists } = dispatcher.state;
  const waiting = createWaiting(dispatcher, clock);
  const forecasts = createForecasts(dispatcher, clock);

  return {
    acquire(waiter, signal) {
      if (signal.aborted) return Promise.reject(signal.reason as Error);
      const queueDepth = waiting.count();
      if (queueDepth >= queueLimit)
        return Promise.reject(new AppError("cluster_saturated", { retryAfterMs, queueDepth }));
      return waiting.admit(waiter, signal);
    },
    begun(lease) {
      dispatcher.begun(lease.id, clock.now());
      waiting.dispatch();
    },
    release(lease, end = {}) {
      if (!dispatcher.end(lease.id, end, clock.now())) return;
      waiting.ended(lease.id);
      const { bookedMs = 0 } = end;
      if (bookedMs <= 0) waiting.dispatch();
      else
        void clock.sleep(bookedMs).then(() => {
          dispatcher.free(lease.id);
          waiting.dispatch();
        });
    },
    waiting: () => lists.all(),
    placeOf(waiterId) {
      const waiter = lists.get(waiterId);
      if (waiter === undefined) return null;
      const turn = forecasts.turns(waiter.kind).get(waiterId);
      // Nobody serves it now: as they came.
      const place = turn?.place ?? placeByAge(lists.all(), waiter);
      const expectedMs = turn?.expectedMs ?? null;
      return { place, waiting: lists.count(waiter.kind), expectedMs };
    },
    tailMs: (kind, workClass, more = 0) => forecasts.tailMs(kind, workClass, more),
    runningOf: (kind, workClass) => dispatcher.runningOf(kind, workClass),
    inFlight: (nodeId, kind) => dispatcher.inFlight(nodeId, kind),
    setNodes(nodes) {
      dispatcher.setNodes(nodes);
      forecasts.forget();
      waiting.dispatch();
    },
  };
}

const placeByAge = (waiters: readonly Waiter[], { kind, since }: Waiter): number =>
  waiters.filter((other) => other.kind === kind && other.since <= since).length;

interface Waiting {
  readonly admit: (waiter: Waiter, signal: AbortSignal) => Promise<Lease>;
  /** Hands out what the dispatcher grants now. */
  readonly dispatch: () => void;
  readonly ended: (leaseId: string) => void;
  readonly count: () => number;
}

/** A promise for everyone in the queue. */
function createWaiting(dispatcher: Dispatcher, clock: Clock): Waiting {
  const admitting = new Map<string, (grant: Grant) => void>();
  const yielding = new Map<string, AbortController>();
  let looksAgain = false;

  const dispatch = (): void => {
    for (const grant of dispatcher.grants(clock.now())) admitting.get(grant.waiter.id)?.(grant);
    for (const id of dispatcher.yields(clock.now())) yielding.get(id)?.abort();
    if (!dispatcher.hasDeclined() || looksAgain) return;
    looksAgain = true;
    void clock.sleep(lookAgainMs).then(() => {
      looksAgain = false;
      dispatch();
    });
  };

  return {
    dispatch,
    ended: (leaseId) => yielding.delete(leaseId),
    count: () => admitting.size,
    admit: (waiter, signal) =>
      new Promise((resolve, reject) => {
        const leave = (): void => {
          admitting.delete(waiter.id);
          dispatcher.leave(waiter.id);
          reject(signal.reason as Error);
        };
        admitting.set(waiter.id, (grant) => {
          admitting.delete(waiter.id);
          signal.removeEventListener("abort", leave);
          const controller = new AbortController();
          yielding.set(grant.leaseId, controller);
          resolve(leaseOf(grant, controller.signal));
        });
        signal.addEventListener("abort", leave, { once: true });
        dispatcher.enter(waiter, clock.now());
        dispatch();
      }),
  };
}

const leaseOf = ({ leaseId, nodeId, waiter, predicted }: Grant, yields: AbortSignal): Lease => ({
  id: leaseId,
  nodeId,
  kind: waiter.kind,
  predictedLoadMs: predicted.loadMs,
  predictedFirstTokenMs: predicted.loadMs + predicted.prefillMs,
  yields,
});

interface Forecasts {
  readonly turns: (kind: WorkKind) => ReturnType<Forecast["turns"]>;
  readonly tailMs: (kind: WorkKind, workClass: WorkClass, more: number) => number | null;
  readonly forget: () => void;
}

interface Kept {
  readonly forecast: Forecast;
  /** Waiters of each class when it was made. */
  readonly waiting: (workClass: WorkClass) => number;
  until: number;
}

/** Forecasts are costly with a long queue: each is good for a quarter of a second, and for longer where making it takes long. */
function createForecasts(dispatcher: Dispatcher, clock: Clock): Forecasts {
  const made = new Map<WorkKind, Kept>();
  const { lists } = dispatcher.state;
  const current = (kind: WorkKind): Kept => {
    const now = clock.now();
    const known = made.get(kind);
    if (known !== undefined && now < known.until) return known;
    const counts = new Map(workClasses.map((one) => [one, lists.of(kind, one).length]));
    const waiting = (workClass: WorkClass): number => counts.get(workClass) ?? 0;
    const forecast = forecastOf(dispatcher.state, kind, now);
    const fresh = { forecast, waiting, until: now + forecastForMs };
    made.set(kind, fresh);
    return fresh;
  };
  const timed = <T>(kept: Kept, work: () => T): T => {
    const startedAt = clock.now();
    const result = work();
    const tookMs = clock.now() - startedAt;
    const keptMs = Math.min(tookMs * keptForEachMs, longestKeptMs);
    kept.until = Math.max(kept.until, startedAt + keptMs);
    return result;
  };
  return {
    turns(kind) {
      const kept = current(kind);
      return timed(kept, kept.forecast.turns);
    },
    tailMs(kind, workClass, more) {
      const kept = current(kind);
      // Those who came since are behind its end too.
      const since = Math.max(lists.of(kind, workClass).length - kept.waiting(workClass), 0);
      return timed(kept, () => kept.forecast.tailMs(workClass, more + since));
    },
    forget() {
      made.clear();
    },
  };
}
