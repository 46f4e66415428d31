import {
  afterCircuitCall,
  afterHalfOpenProbe,
  closedBreaker,
  isHardReason,
  opened,
  waitEnded,
  type BreakerMoment,
  type CircuitBreaker,
} from "../resilience/circuit-breaker.ts";
import { milliseconds, type Milliseconds } from "../time/milliseconds.ts";

/**
 * available: takes work · degraded: slow but answering, takes work after the others · draining: finishes, takes no more ·
 * ejected: failed calls, waits until `until` for its half-open probe · unreachable: does not answer its probe, or never did yet.
 */
export type NodeStatus =
  | { readonly kind: "available" }
  | { readonly kind: "degraded"; readonly reason: "slow-version" | "slow-models" }
  | { readonly kind: "draining" }
  | { readonly kind: "ejected"; readonly until: Milliseconds }
  | { readonly kind: "unreachable" };

/** What is known of a node's health; its status follows from it. */
export interface NodeHealth {
  /** An admin takes it out of the rotation. */
  readonly isDraining: boolean;
  /** `unknown` until its first probe. */
  readonly reach: "unknown" | "reachable" | "unreachable";
  readonly missedProbes: number;
  readonly isVersionSlow: boolean;
  readonly isModelListSlow: boolean;
  readonly breaker: CircuitBreaker;
  /** Slots open while it starts slowly after having been away; `null` = all. */
  readonly warmSlots: number | null;
  /** When calls failed there, within the last minute. */
  readonly failedAt: readonly Milliseconds[];
}

export type ProbeResult =
  | { readonly kind: "answered"; readonly tookMs: number }
  | { readonly kind: "refused" }
  | { readonly kind: "silent" };

export type CallResult = "succeeded" | "refused" | "failed";

export const unknownHealth: NodeHealth = {
  isDraining: false,
  reach: "unknown",
  missedProbes: 0,
  isVersionSlow: false,
  isModelListSlow: false,
  breaker: closedBreaker,
  warmSlots: null,
  failedAt: [],
};

/** Longer than this is slow, for the version and for the list of loaded models alike. */
export const slowAnswerMs = 1000;
const missedProbesAllowed = 1;

export function statusOf(health: NodeHealth): NodeStatus {
  const { breaker, reach } = health;
  if (health.isDraining) return { kind: "draining" };
  if (reach !== "reachable") return { kind: "unreachable" };
  if (breaker.state.kind === "open") return { kind: "ejected", until: breaker.state.until };
  if (breaker.state.kind === "half-open") return { kind: "ejected", until: breaker.state.deadline };
  if (health.isVersionSlow) return { kind: "degraded", reason: "slow-version" };
  if (health.isModelListSlow) return { kind: "degraded", reason: "slow-models" };
  return { kind: "available" };
}

/** The active check, GET /api/version. A refused connection counts at once, silence the second time. */
export function afterProbe(
  health: NodeHealth,
  probe: ProbeResult,
  moment: BreakerMoment,
): NodeHealth {
  if (probe.kind === "refused") return unreachable(health, "refused", moment);
  if (probe.kind === "silent") {
    const missedProbes = health.missedProbes + 1;
    const missed = { ...health, missedProbes };
    return missedProbes > missedProbesAllowed ? unreachable(missed, "unreachable", moment) : missed;
  }
  const wasAway = health.reach === "unreachable";
  return {
    ...health,
    reach: "reachable",
    missedProbes: 0,
    isVersionSlow: probe.tookMs > slowAnswerMs,
    breaker: wasAway ? waitEnded(health.breaker, moment.now) : health.breaker,
  };
}

/** A node that was never seen has nothing to recover from: its first answer brings it in. */
function unreachable(
  health: NodeHealth,
  reason: "refused" | "unreachable",
  moment: BreakerMoment,
): NodeHealth {
  if (health.reach === "unknown") return health;
  const { breaker } = health;
  const isOpen = breaker.state.kind === "open";
  return {
    ...health,
    reach: "unreachable",
    breaker: isOpen ? { ...breaker, reason } : opened(breaker, reason, moment),
  };
}

/** A call was overdue and the node silent for a second: worth a missed probe, and the slow place in line until it answers. */
export const afterSuspicion = (health: NodeHealth): NodeHealth => ({
  ...health,
  isVersionSlow: true,
  missedProbes: Math.max(health.missedProbes, 1),
});

/** A slow /api/ps beside a fast version: a model process on the node no longer answers. */
export function afterModelsProbe(health: NodeHealth, tookMs: number): NodeHealth {
  const isModelListSlow = tookMs > slowAnswerMs;
  return isModelListSlow === health.isModelListSlow ? health : { ...health, isModelListSlow };
}

const rememberedMs = 60_000;

/** The passive check: what became of a call. */
export function afterCall(
  health: NodeHealth,
  result: CallResult,
  moment: BreakerMoment,
): NodeHealth {
  if (result === "succeeded") {
    if (health.reach !== "reachable") return health;
    const breaker = afterCircuitCall(health.breaker, false, moment);
    const isBack = health.breaker.state.kind !== "closed" && breaker.state.kind === "closed";
    const warmer = health.warmSlots === null ? null : health.warmSlots + 1;
    return { ...health, breaker, warmSlots: isBack ? 1 : warmer };
  }
  const failedAt = [...health.failedAt.filter((at) => moment.now - at < rememberedMs), moment.now];
  const failed = { ...health, failedAt };
  return result === "refused"
    ? unreachable(failed, "refused", moment)
    : { ...failed, breaker: afterCircuitCall(health.breaker, true, moment) };
}

/** The half-open probe settled: a good one closes the breaker, and the node starts with one slot. */
export function afterRecoveryProbe(
  health: NodeHealth,
  succeeded: boolean,
  moment: BreakerMoment,
): NodeHealth {
  const breaker = afterHalfOpenProbe(health.breaker, succeeded, moment);
  if (breaker === health.breaker) return health;
  if (!succeeded) return { ...health, breaker };
  // What failed as its process died says nothing about the new one; calls that it answered badly do.
  const failedAt = isHardReason(health.breaker.reason) ? [] : health.failedAt;
  return { ...health, breaker, failedAt, warmSlots: 1 };
}

/** Slots of a chat model that are open now: slow start goes from one to all, one more with each good call. */
export const openSlots = ({ warmSlots }: NodeHealth, slots: number): number =>
  warmSlots === null ? slots : Math.min(warmSlots, slots);

const failureCostMs = 5000;
const halfLifeMs = 10_000;
const mostPenaltyMs = 30_000;

/** A failure costs 5 s in every comparison, half of it after 10 s, 30 s at most: quick failures must not attract work. */
export function failurePenalty({ failedAt }: NodeHealth, now: Milliseconds): Milliseconds {
  const sum = failedAt
    .filter((at) => now - at < rememberedMs)
    .reduce((total, at) => total + failureCostMs * 0.5 ** ((now - at) / halfLifeMs), 0);
  return milliseconds(Math.round(Math.min(sum, mostPenaltyMs)));
}

const fewestForPanic = 3;

/**
 * Statuses as balancing takes them. With three nodes or more, at least half of them open, soft verdicts are ignored: the fault is
 * likely not the nodes', and ejecting the rest as well would leave nobody.
 */
export function effectiveStatuses(nodes: readonly NodeHealth[]): readonly NodeStatus[] {
  const isOpen = (health: NodeHealth): boolean =>
    health.reach !== "reachable" || health.breaker.state.kind !== "closed";
  const panics = nodes.length >= fewestForPanic && nodes.filter(isOpen).length >= nodes.length / 2;
  return nodes.map((health) => {
    const status = statusOf(health);
    if (!panics || takesWork(status)) return panics && takesWork(status) ? available : status;
    const isSoft =
      status.kind === "ejected" &&
      health.breaker.state.kind !== "closed" &&
      !isHardReason(health.breaker.reason);
    return isSoft ? available : status;
  });
}

const available: NodeStatus = { kind: "available" };

/** May new work go there? */
export function takesWork(status: NodeStatus): boolean {
  switch (status.kind) {
    case "available":
    case "degraded":
      return true;
    case "draining":
    case "ejected":
    case "unreachable":
      return false;
    default:
      return status satisfies never;
  }
}
