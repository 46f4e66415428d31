import type { ModelDemand } from "../core/balancing/placement.ts";
import { fullModelName } from "../core/balancing/node-view.ts";
import {
  emptyHistory,
  withCallFacts,
  type CallFacts,
  type CallHistory,
  type CallOutcome,
} from "../core/capacity/call-history.ts";
import type { PredictionSnapshot } from "../core/health/cluster-snapshot.ts";
import type { WorkClass, WorkKind } from "../core/scheduling/work-class.ts";
import type { Milliseconds } from "../core/time/milliseconds.ts";
import type { Clock } from "../ports/clock.ts";
import type { NodeUsage } from "../ports/model-node.ts";
import { createToldWaits } from "./told-waits.ts";

/** One call of a model, from its acceptance to its end. */
export interface CallRecord extends CallFacts {
  readonly id: string;
  readonly model: string;
  readonly class: WorkClass;
  readonly client: string;
  /** Where it ran last; `null` when it never got a slot. */
  readonly nodeId: string | null;
  readonly attempts: number;
  readonly loadMs: number;
  readonly startedAt: Milliseconds;
  readonly endedAt: Milliseconds;
}

/** A call that a node failed and what became of it. */
export interface Failover {
  readonly at: Date;
  readonly callId: string;
  readonly nodeId: string;
  readonly model: string;
  readonly reason: string;
  /** `moved`: before the first token, to another try. `broken`: text had been sent; a resume or reset followed, or the evidence stood. */
  readonly kind: "moved" | "broken";
}

/** What the balancer tells of a call while it lives. */
export interface OpenCall {
  readonly id: string;
  /** The wait that the person was told first. */
  told(expectedMs: number): void;
  granted(nodeId: string): void;
  /** Its first item came. */
  began(): void;
  used(usage: NodeUsage): void;
  failedOn(nodeId: string, reason: string): void;
  /** Counts once; later ends change nothing. */
  end(outcome: CallOutcome): void;
}

export interface CallRecords {
  open(call: {
    readonly kind: WorkKind;
    readonly model: string;
    readonly class: WorkClass;
    readonly client: string;
  }): OpenCall;
  demand(): readonly ModelDemand[];
  /** Requests that wait now, by class. */
  waiting(): Readonly<Partial<Record<WorkClass, number>>>;
  /** The longest that a request of these classes waits now, ms. */
  longestWaitMs(classes: readonly WorkClass[]): number;
  inFlight(nodeId: string, model: string): number;
  /** Since the model's last request there ended; since the start when it had none. */
  idleMs(nodeId: string, model: string): number;
  /** The last hour of a node, or of the whole cluster. */
  history(nodeId: string | null): CallHistory;
  failovers(): readonly Failover[];
  /** Chats that ended in the last minute. */
  answersPerMinute(): number;
  predictions(): PredictionSnapshot;
}

export interface CallRecordsDeps {
  readonly clock: Clock;
  /** Told of each call when it is over. */
  readonly onEnd?: (record: CallRecord) => void;
}

interface Live {
  readonly model: string;
  readonly class: WorkClass;
  nodeId: string | null;
  since: Milliseconds;
  isWaiting: boolean;
}

const keptFailovers = 100;
const demandHalfLifeMs = 60_000;
const newShare = 0.2;

/** Everything measured of calls: open ones, the last hour, failures. In memory, bounded. */
export function createCallRecords({ clock, onEnd }: CallRecordsDeps): CallRecords {
  const live = new Map<string, Live>();
  const histories = new Map<string, CallHistory>();
  const ends = new Map<string, Milliseconds>();
  const rates = createArrivalRates();
  const told = createToldWaits(clock);
  let failovers: readonly Failover[] = [];
  let opened = 0;

  const addTo = (key: string, record: CallRecord): void => {
    const history = histories.get(key) ?? emptyHistory;
    histories.set(key, withCallFacts(history, record, record.endedAt));
  };
  const waiting = (): readonly Live[] => [...live.values()].filter((call) => call.isWaiting);

  return {
    open(call) {
      const id = `call-${String((opened += 1))}`;
      const own: Live = { ...call, nodeId: null, since: clock.now(), isWaiting: true };
      live.set(id, own);
      rates.arrived(call.model, clock.now());
      return openCall(id, call, own, {
        clock,
        failed(failover) {
          failovers = [...failovers.slice(1 - keptFailovers), failover];
        },
        ended(record) {
          live.delete(id);
          told.ended(record);
          addTo("", record);
          if (record.nodeId !== null) {
            addTo(record.nodeId, record);
            ends.set(`${record.nodeId} ${fullModelName(record.model)}`, record.endedAt);
            rates.served(record.model, record.prefillMs + record.decodeMs);
          }
          onEnd?.(record);
        },
      });
    },
    demand: () =>
      rates.all(clock.now()).map((rate) => ({
        ...rate,
        waiting: waiting().filter((call) => fullModelName(call.model) === rate.model).length,
      })),
    waiting: () => countByClass(waiting()),
    longestWaitMs: (classes) =>
      waiting()
        .filter((call) => classes.includes(call.class))
        .reduce((longest, call) => Math.max(longest, clock.now() - call.since), 0),
    inFlight: (nodeId, model) =>
      [...live.values()].filter(
        (call) =>
          !call.isWaiting &&
          call.nodeId === nodeId &&
          fullModelName(call.model) === fullModelName(model),
      ).length,
    idleMs: (nodeId, model) => clock.now() - (ends.get(`${nodeId} ${fullModelName(model)}`) ?? 0),
    history: (nodeId) => histories.get(nodeId ?? "") ?? emptyHistory,
    failovers: () => failovers,
    ...told.figures,
  };
}

function countByClass(
  calls: readonly { readonly class: WorkClass }[],
): Readonly<Partial<Record<WorkClass, number>>> {
  const counts: Partial<Record<WorkClass, number>> = {};
  for (const call of calls) counts[call.class] = (counts[call.class] ?? 0) + 1;
  return counts;
}

function createArrivalRates() {
  interface Rate {
    perSecond: number;
    at: Milliseconds;
    serviceMs: number;
  }
  const rates = new Map<string, Rate>();
  const of = (model: string): Rate => {
    const key = fullModelName(model);
    const rate = rates.get(key) ?? { perSecond: 0, at: 0 as Milliseconds, serviceMs: 0 };
    rates.set(key, rate);
    return rate;
  };
  const faded = (rate: Rate, now: Milliseconds): number =>
    rate.perSecond * 0.5 ** ((now - rate.at) / demandHalfLifeMs);
  return {
    arrived(model: string, now: Milliseconds): void {
      const rate = of(model);
      // Each arrival adds what it would be if it came evenly over the half-life's mean life.
      rate.perSecond = faded(rate, now) + (1000 * Math.LN2) / demandHalfLifeMs;
      rate.at = now;
    },
    served(model: string, ms: number): void {
      const rate = of(model);
      rate.serviceMs =
        rate.serviceMs === 0 ? ms : rate.serviceMs + newShare * (ms - rate.serviceMs);
    },
    all: (now: Milliseconds) =>
      [...rates].map(([model, rate]) => ({
        model,
        perSecond: faded(rate, now),
        serviceMs: rate.serviceMs,
      })),
  };
}

const noUsage: NodeUsage = {
  promptTokens: 0,
  cachedPromptTokens: 0,
  completionTokens: 0,
  loadMs: 0,
  prefillMs: 0,
  decodeMs: 0,
  totalMs: 0,
};

function openCall(
  id: string,
  call: Pick<CallRecord, "kind" | "model" | "class" | "client">,
  live: Live,
  on: {
    readonly clock: Clock;
    readonly failed: (failover: Failover) => void;
    readonly ended: (record: CallRecord) => void;
  },
): OpenCall {
  const { clock } = on;
  const startedAt = clock.now();
  let expectedMs: number | null = null;
  let firstTokenMs: number | null = null;
  let queuedMs = 0;
  let attempts = 0;
  let usage = noUsage;
  let isOver = false;

  return {
    id,
    told(expected) {
      expectedMs ??= expected;
    },
    granted(nodeId) {
      if (live.isWaiting) queuedMs += clock.now() - live.since;
      live.isWaiting = false;
      live.nodeId = nodeId;
      attempts += 1;
    },
    began() {
      firstTokenMs ??= clock.now() - startedAt;
    },
    used(next) {
      usage = next;
    },
    failedOn(nodeId, reason) {
      const kind = firstTokenMs === null ? "moved" : "broken";
      on.failed({ at: clock.wallTime(), callId: id, nodeId, model: call.model, reason, kind });
      live.isWaiting = true;
      live.since = clock.now();
    },
    end(outcome) {
      if (isOver) return;
      isOver = true;
      const { kind, model, client } = call;
      if (live.isWaiting) queuedMs += clock.now() - live.since;
      const { promptTokens, cachedPromptTokens, completionTokens } = usage;
      const { loadMs, prefillMs, decodeMs } = usage;
      on.ended({
        ...{ id, kind, model, client, outcome, attempts, queuedMs, expectedMs, firstTokenMs },
        ...{ promptTokens, cachedPromptTokens, completionTokens, loadMs, prefillMs, decodeMs },
        class: call.class,
        nodeId: live.nodeId,
        startedAt,
        endedAt: clock.now(),
      });
    },
  };
}
