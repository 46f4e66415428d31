import type { CallFacts, CallOutcome } from "../core/capacity/call-history.ts";
import type { WorkClass } from "../core/scheduling/work-class.ts";
import type { Milliseconds } from "../core/time/milliseconds.ts";
import type { Clock } from "../ports/clock.ts";
import type { NodeUsage } from "../ports/model-node.ts";

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
  /** From the failure being seen to the next slot; `null` while it waits, and for what goes on as another call. */
  readonly movedMs: number | null;
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

export interface LiveCall {
  readonly model: string;
  readonly class: WorkClass;
  nodeId: string | null;
  since: Milliseconds;
  isWaiting: boolean;
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

type CallIdentity = Pick<CallRecord, "kind" | "model" | "class" | "client">;

const countsOf = (usage: NodeUsage): Omit<NodeUsage, "totalMs"> => ({
  promptTokens: usage.promptTokens,
  cachedPromptTokens: usage.cachedPromptTokens,
  completionTokens: usage.completionTokens,
  loadMs: usage.loadMs,
  prefillMs: usage.prefillMs,
  decodeMs: usage.decodeMs,
});

interface CallObserver {
  readonly clock: Clock;
  /** `before`: what it takes the place of. */
  readonly failed: (failover: Failover, before?: Failover) => void;
  readonly ended: (record: CallRecord) => void;
}

/** @param live changes with the call: where it is, and since when it waits */
export function openCall(
  id: string,
  { kind, model, class: workClass, client }: CallIdentity,
  live: LiveCall,
  on: CallObserver,
): OpenCall {
  const { clock } = on;
  const call = { kind, model, class: workClass, client };
  const startedAt = clock.now();
  let expectedMs: number | null = null;
  let firstTokenMs: number | null = null;
  let [queuedMs, attempts] = [0, 0];
  let failover: Failover | null = null;
  let usage = noUsage;
  let isOver = false;

  return {
    id,
    told(expected) {
      expectedMs ??= expected;
    },
    granted(nodeId) {
      const waitedMs = clock.now() - live.since;
      if (live.isWaiting) queuedMs += waitedMs;
      if (failover !== null) on.failed({ ...failover, movedMs: waitedMs }, failover);
      failover = null;
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
      const what = firstTokenMs === null ? "moved" : "broken";
      const at = clock.wallTime();
      failover = { at, callId: id, nodeId, model, reason, kind: what, movedMs: null };
      on.failed(failover);
      live.isWaiting = true;
      live.since = clock.now();
    },
    end(outcome) {
      if (isOver) return;
      isOver = true;
      if (live.isWaiting) queuedMs += clock.now() - live.since;
      const times = { startedAt, endedAt: clock.now(), queuedMs, expectedMs, firstTokenMs };
      on.ended({
        ...times,
        ...call,
        ...countsOf(usage),
        id,
        outcome,
        attempts,
        nodeId: live.nodeId,
      });
    },
  };
}
