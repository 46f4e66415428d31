import type { CallOutcome } from "../core/capacity/call-history.ts";
import type { WorkClass } from "../core/scheduling/work-class.ts";
import type { Milliseconds } from "../core/time/milliseconds.ts";
import type { Clock } from "../ports/clock.ts";

/** A call that a node failed and what became of it. */
export interface Failover {
  readonly at: Date;
  /** When the failure was seen. */
  readonly seenAt: Milliseconds;
  readonly callId: string;
  /** The text it belongs to: what goes on as another call keeps it. */
  readonly turnId: string;
  /** The answer of a chat that it serves; `null` for other work. */
  readonly answerId: string | null;
  readonly class: WorkClass;
  readonly model: string;
  /** The node that failed. */
  readonly nodeId: string;
  readonly reason: string;
  /** `moved`: before the first token, to another try. `broken`: text had been sent; a resume or reset followed, or the evidence stood. */
  readonly kind: "moved" | "broken";
  /** From the call's start to the failure. */
  readonly afterMs: number;
  /** Where it went on; `null` while it waits, and where it ended. */
  readonly toNodeId: string | null;
  /** From the failure being seen to the next slot. */
  readonly movedMs: number | null;
  /** What that slot was predicted to need until its first item. */
  readonly predictedMs: number | null;
  /** From the failure being seen until items flowed again. */
  readonly flowsMs: number | null;
  /** How its answer ended; `null` while it runs. */
  readonly outcome: CallOutcome | null;
}

type FailedCall = Pick<
  Failover,
  "callId" | "turnId" | "answerId" | "class" | "model" | "nodeId" | "reason" | "kind" | "afterMs"
>;

/** The last failures of calls, the newest last. What is told of a turn belongs to its last failure; of a turn without one it changes nothing. */
export interface Failovers {
  all(): readonly Failover[];
  failed(call: FailedCall): void;
  /** The turn got a slot again. */
  moved(turnId: string, nodeId: string, predictedMs: number): void;
  /** Its items flow again. */
  flowed(turnId: string): void;
  ended(turnId: string, outcome: CallOutcome): void;
}

const kept = 100;

export function createFailovers(clock: Clock): Failovers {
  let list: readonly Failover[] = [];
  const changed = (turnId: string, change: (one: Failover) => Partial<Failover>): void => {
    const at = list.findLastIndex((failover) => failover.turnId === turnId);
    const last = list[at];
    if (last !== undefined) list = list.with(at, { ...last, ...change(last) });
  };
  return {
    all: () => list,
    failed(call) {
      const nothingYet = { toNodeId: null, movedMs: null, predictedMs: null, flowsMs: null };
      const when = { at: clock.wallTime(), seenAt: clock.now() };
      list = [...list.slice(1 - kept), { ...call, ...when, ...nothingYet, outcome: null }];
    },
    moved(turnId, nodeId, predictedMs) {
      changed(turnId, ({ seenAt, toNodeId }) =>
        toNodeId === null ? { toNodeId: nodeId, movedMs: clock.now() - seenAt, predictedMs } : {},
      );
    },
    flowed(turnId) {
      changed(turnId, ({ seenAt, flowsMs }) =>
        flowsMs === null ? { flowsMs: clock.now() - seenAt } : {},
      );
    },
    ended(turnId, outcome) {
      changed(turnId, () => ({ outcome }));
    },
  };
}
