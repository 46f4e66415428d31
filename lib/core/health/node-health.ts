import type { Milliseconds } from "../time/milliseconds.ts";

/**
 * available: takes work · degraded: slow but answering, takes work after the others · draining: finishes, takes no more ·
 * ejected: failed calls, waits until `until` · unreachable: does not answer its probe, or never did yet.
 */
export type NodeStatus =
  | { readonly kind: "available" }
  | { readonly kind: "degraded"; readonly reason: "slow-version" | "slow-models" }
  | { readonly kind: "draining" }
  | { readonly kind: "ejected"; readonly until: Milliseconds }
  | { readonly kind: "unreachable" };

export interface NodeHealth {
  readonly status: NodeStatus;
  /** Failed calls in a row; a good call ends the row. */
  readonly failures: number;
  readonly missedProbes: number;
}

export type ProbeResult =
  | { readonly kind: "answered"; readonly tookMs: number }
  | { readonly kind: "refused" }
  | { readonly kind: "silent" };

export type CallResult = "succeeded" | "refused" | "failed";

/** A node counts as unreachable until its first probe answers. */
export const unknownHealth: NodeHealth = {
  status: { kind: "unreachable" },
  failures: 0,
  missedProbes: 0,
};

const slowProbeMs = 1000;
const missedProbesAllowed = 1;
const firstEjectionMs = 1000;
const longestEjectionMs = 60_000;

/** The active check, GET /api/version. A refused connection counts at once, silence the second time. */
export function afterProbe(health: NodeHealth, probe: ProbeResult, now: Milliseconds): NodeHealth {
  if (health.status.kind === "draining") return health;
  if (probe.kind === "refused") return { ...health, status: { kind: "unreachable" } };
  if (probe.kind === "silent") {
    const missedProbes = health.missedProbes + 1;
    return missedProbes > missedProbesAllowed
      ? { ...health, missedProbes, status: { kind: "unreachable" } }
      : { ...health, missedProbes };
  }
  const answered = { ...health, missedProbes: 0 };
  if (health.status.kind === "ejected" && health.status.until > now) return answered;
  return {
    ...answered,
    status:
      probe.tookMs > slowProbeMs
        ? { kind: "degraded", reason: "slow-version" }
        : { kind: "available" },
  };
}

/** A slow /api/ps beside a fast version: a model process on the node no longer answers. */
export function afterModelsProbe(health: NodeHealth, tookMs: number): NodeHealth {
  const slow = tookMs > slowProbeMs;
  if (slow && health.status.kind === "available")
    return { ...health, status: { kind: "degraded", reason: "slow-models" } };
  if (!slow && health.status.kind === "degraded" && health.status.reason === "slow-models")
    return { ...health, status: { kind: "available" } };
  return health;
}

/** The passive check: what became of a call. Each failure in a row doubles the ejection, 1 s to 60 s. */
export function afterCall(health: NodeHealth, result: CallResult, now: Milliseconds): NodeHealth {
  switch (result) {
    case "succeeded":
      return health.failures === 0 ? health : { ...health, failures: 0 };
    case "refused":
      return health.status.kind === "draining"
        ? health
        : { ...health, failures: health.failures + 1, status: { kind: "unreachable" } };
    case "failed": {
      const failures = health.failures + 1;
      if (health.status.kind === "draining" || health.status.kind === "unreachable")
        return { ...health, failures };
      const ejectionMs = Math.min(firstEjectionMs * 2 ** (failures - 1), longestEjectionMs);
      return {
        ...health,
        failures,
        status: { kind: "ejected", until: (now + ejectionMs) as Milliseconds },
      };
    }
    default:
      return result satisfies never;
  }
}

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
