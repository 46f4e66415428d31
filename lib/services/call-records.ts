import type { ModelDemand } from "../core/balancing/placement.ts";
import { fullModelName } from "../core/balancing/node-view.ts";
import { emptyHistory, withCallFacts, type CallHistory } from "../core/capacity/call-history.ts";
import type { PredictionSnapshot } from "../core/health/cluster-snapshot.ts";
import { workClasses, type WorkClass, type WorkKind } from "../core/scheduling/work-class.ts";
import type { Milliseconds } from "../core/time/milliseconds.ts";
import type { Clock } from "../ports/clock.ts";
import { createFailovers, type Failover } from "./failovers.ts";
import { openCall, type CallRecord, type LiveCall, type OpenCall } from "./open-call.ts";
import { createToldWaits } from "./told-waits.ts";

export type { Failover } from "./failovers.ts";
export type { CallRecord, OpenCall } from "./open-call.ts";

export interface CallRecords {
  open(call: {
    readonly kind: WorkKind;
    readonly model: string;
    readonly class: WorkClass;
    readonly client: string;
    readonly turnId?: string | undefined;
    readonly answerId?: string | undefined;
  }): OpenCall;
  demand(): readonly ModelDemand[];
  /** Requests that wait now, by class. */
  waiting(): Readonly<Partial<Record<WorkClass, number>>>;
  /** Requests of these classes that wait or run now. */
  openCalls(classes: readonly WorkClass[]): number;
  /** The longest that a request of these classes waits now, ms. */
  longestWaitMs(classes: readonly WorkClass[]): number;
  inFlight(nodeId: string, model: string): number;
  /** Since the model's last request there ended; since the start when it had none. */
  idleMs(nodeId: string, model: string): number;
  /** The last hour of a node, or of the whole cluster. */
  history(nodeId: string | null): CallHistory;
  /** The last hour of the classes that had calls in it. */
  historyByClass(): ReadonlyMap<WorkClass, CallHistory>;
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

const demandHalfLifeMs = 60_000;
const newShare = 0.2;

/** Everything measured of calls: open ones, the last hour, failures. In memory, bounded. */
export function createCallRecords({ clock, onEnd }: CallRecordsDeps): CallRecords {
  const live = new Map<string, LiveCall>();
  const histories = new Map<string, CallHistory>();
  const ends = new Map<string, Milliseconds>();
  const rates = createArrivalRates();
  const told = createToldWaits(clock);
  const failovers = createFailovers(clock);
  let opened = 0;

  const addTo = (key: string, record: CallRecord): void => {
    const history = histories.get(key) ?? emptyHistory;
    histories.set(key, withCallFacts(history, record, record.endedAt));
  };
  const waiting = (): readonly LiveCall[] => [...live.values()].filter((call) => call.isWaiting);

  return {
    open(call) {
      const id = `call-${String((opened += 1))}`;
      const own: LiveCall = { ...call, nodeId: null, since: clock.now(), isWaiting: true };
      live.set(id, own);
      rates.arrived(call.model, clock.now());
      return openCall(id, call, own, {
        clock,
        failovers,
        ended(record) {
          live.delete(id);
          told.ended(record);
          addTo("", record);
          addTo(`class ${record.class}`, record);
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
    openCalls: (classes) => ofClasses([...live.values()], classes).length,
    longestWaitMs: (classes) =>
      ofClasses(waiting(), classes).reduce(
        (max, { since }) => Math.max(max, clock.now() - since),
        0,
      ),
    inFlight: (nodeId, model) =>
      [...live.values()].filter((call) => !call.isWaiting && runsOn(call, nodeId, model)).length,
    idleMs: (nodeId, model) => clock.now() - (ends.get(`${nodeId} ${fullModelName(model)}`) ?? 0),
    history: (nodeId) => histories.get(nodeId ?? "") ?? emptyHistory,
    historyByClass: () => byClassOf(histories),
    failovers: () => failovers.all(),
    ...told.figures,
  };
}

const runsOn = (call: LiveCall, nodeId: string, model: string): boolean =>
  call.nodeId === nodeId && fullModelName(call.model) === fullModelName(model);

const ofClasses = <T extends { readonly class: WorkClass }>(
  calls: readonly T[],
  classes: readonly WorkClass[],
): readonly T[] => calls.filter((call) => classes.includes(call.class));

const byClassOf = (
  histories: ReadonlyMap<string, CallHistory>,
): ReadonlyMap<WorkClass, CallHistory> =>
  new Map(
    workClasses.flatMap((workClass) => {
      const history = histories.get(`class ${workClass}`);
      return history === undefined ? [] : [[workClass, history] as const];
    }),
  );

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
