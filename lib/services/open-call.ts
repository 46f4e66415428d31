import type { CallFacts, CallOutcome } from "../core/capacity/call-history.ts";
import type { WorkClass } from "../core/scheduling/work-class.ts";
import type { Milliseconds } from "../core/time/milliseconds.ts";
import type { Clock } from "../ports/clock.ts";
import type { NodeUsage } from "../ports/model-node.ts";
import type { Failovers } from "./failovers.ts";

/** One call of a model, from its acceptance to its end. */
export interface CallRecord extends CallFacts {
  readonly id: string;
  readonly model: string;
  readonly class: WorkClass;
  readonly client: string;
  /** Where it ran last; `null` when it never got a slot. */
  readonly nodeId: string | null;
  readonly attempts: number;
  /** Of `queuedMs`, what had passed when the person was told `expectedMs`. */
  readonly toldAfterMs: number;
  readonly loadMs: number;
  readonly startedAt: Milliseconds;
  readonly endedAt: Milliseconds;
}

/** What the balancer tells of a call while it lives. */
export interface OpenCall {
  readonly id: string;
  /** The wait that the person was told first. */
  told(expectedMs: number): void;
  /** @param predictedMs predicted time to its first item there */
  granted(nodeId: string, predictedMs: number): void;
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

type CallIdentity = Pick<CallRecord, "kind" | "model" | "class" | "client"> & {
  readonly turnId?: string | undefined;
  readonly answerId?: string | undefined;
};

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
  readonly failovers: Failovers;
  readonly ended: (record: CallRecord) => void;
}

/** @param live changes with the call: where it is, and since when it waits */
export function openCall(
  id: string,
  { kind, model, class: workClass, client, turnId = id, answerId }: CallIdentity,
  live: LiveCall,
  on: CallObserver,
): OpenCall {
  const { clock } = on;
  const call = { kind, model, class: workClass, client };
  const startedAt = clock.now();
  let [expectedMs, firstTokenMs]: [number | null, number | null] = [null, null];
  let [queuedMs, attempts, toldAfterMs] = [0, 0, 0];
  let usage = noUsage;
  let isOver = false;

  return {
    id,
    told(expected) {
      if (expectedMs === null) toldAfterMs = queuedMs + clock.now() - live.since;
      expectedMs ??= expected;
    },
    granted(nodeId, predictedMs) {
      if (live.isWaiting) queuedMs += clock.now() - live.since;
      on.failovers.moved(turnId, nodeId, predictedMs);
      live.isWaiting = false;
      live.nodeId = nodeId;
      attempts += 1;
    },
    began() {
      firstTokenMs ??= clock.now() - startedAt;
      on.failovers.flowed(turnId);
    },
    used(next) {
      usage = next;
    },
    failedOn(nodeId, reason) {
      const kind = firstTokenMs === null ? "moved" : "broken";
      const whose = { callId: id, turnId, answerId: answerId ?? null };
      const where = { ...whose, nodeId, model, class: workClass };
      on.failovers.failed({ ...where, reason, kind, afterMs: clock.now() - startedAt });
      live.isWaiting = true;
      live.since = clock.now();
    },
    end(outcome) {
      if (isOver) return;
      isOver = true;
      if (live.isWaiting) queuedMs += clock.now() - live.since;
      on.failovers.ended(turnId, outcome);
      const times = { startedAt, endedAt: clock.now(), queuedMs, expectedMs, firstTokenMs };
      on.ended({
        ...times,
        ...call,
        ...countsOf(usage),
        id,
        outcome,
        attempts,
        toldAfterMs,
        nodeId: live.nodeId,
      });
    },
  };
}
