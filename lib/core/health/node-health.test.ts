import { describe, expect, it } from "vitest";
import { breakerLimits, type BreakerMoment } from "../resilience/circuit-breaker.ts";
import { milliseconds } from "../time/milliseconds.ts";
import {
  afterCall,
  afterModelsProbe,
  afterProbe,
  afterRecoveryProbe,
  afterSuspicion,
  effectiveStatuses,
  failurePenalty,
  openSlots,
  statusOf,
  takesWork,
  unknownHealth,
  type CallResult,
  type NodeHealth,
} from "./node-health.ts";

const at = (now: number): BreakerMoment => ({
  now: milliseconds(now),
  chance: 0.5,
  limits: breakerLimits,
});
const answered = { kind: "answered", tookMs: 3 } as const;
const silent = { kind: "silent" } as const;
const sound = afterProbe(unknownHealth, answered, at(0));
const calls = (health: NodeHealth, results: readonly CallResult[], from = 0): NodeHealth =>
  results.reduce((state, result, index) => afterCall(state, result, at(from + index)), health);
const fiveFailures: readonly CallResult[] = ["failed", "failed", "failed", "failed", "failed"];
const kind = (health: NodeHealth): string => statusOf(health).kind;

describe("node health", () => {
  it("takes no work before its first probe, and all of it at once after a good one", () => {
    expect(kind(unknownHealth)).toBe("unreachable");
    expect(kind(afterProbe(unknownHealth, silent, at(0)))).toBe("unreachable");
    expect([kind(sound), openSlots(sound, 4)]).toEqual(["available", 4]);
  });

  it("forgives one silent probe and counts the second in a row as unreachable", () => {
    const once = afterProbe(sound, silent, at(0));
    expect(kind(once)).toBe("available");
    expect(kind(afterProbe(once, silent, at(1)))).toBe("unreachable");
    const between = afterProbe(once, answered, at(1));
    expect(kind(afterProbe(between, silent, at(2)))).toBe("available");
  });

  it("lets a suspicion count as one missed probe, and a good answer forget it", () => {
    const suspected = afterSuspicion(sound);
    expect(kind(suspected)).toBe("degraded");
    expect(kind(afterProbe(suspected, silent, at(1)))).toBe("unreachable");
    const cleared = afterProbe(suspected, answered, at(1));
    expect(kind(cleared)).toBe("available");
    expect(kind(afterProbe(cleared, silent, at(2)))).toBe("available");
  });

  it("counts a refused connection as unreachable at once, of a probe and of a call", () => {
    expect(kind(afterProbe(sound, { kind: "refused" }, at(0)))).toBe("unreachable");
    expect(kind(afterCall(sound, "refused", at(0)))).toBe("unreachable");
  });

  it("calls a slow node degraded, which still takes work, and a quick one available again", () => {
    const slow = afterProbe(sound, { kind: "answered", tookMs: 1500 }, at(0));
    expect(statusOf(slow)).toEqual({ kind: "degraded", reason: "slow-version" });
    expect(takesWork(statusOf(slow))).toBe(true);
    expect(kind(afterProbe(slow, answered, at(1)))).toBe("available");
  });

  it("degrades on a slow model list beside a fast version and recovers by itself", () => {
    const slow = afterModelsProbe(sound, 7000);
    expect(statusOf(slow)).toEqual({ kind: "degraded", reason: "slow-models" });
    expect(kind(afterModelsProbe(slow, 4))).toBe("available");
  });

  it("ejects after five failed calls in a row until the half-open probe is good", () => {
    expect(kind(calls(sound, fiveFailures.slice(1)))).toBe("available");
    const ejected = calls(sound, fiveFailures);
    expect(statusOf(ejected)).toEqual({ kind: "ejected", until: 1004 });
    expect(kind(afterProbe(ejected, answered, at(5000)))).toBe("ejected");
    const half: NodeHealth = {
      ...ejected,
      breaker: {
        ...ejected.breaker,
        state: { kind: "half-open", deadline: milliseconds(20_000) },
      },
    };
    expect(kind(half)).toBe("ejected");
    expect(kind(afterRecoveryProbe(half, true, at(6000)))).toBe("available");
    expect(kind(afterRecoveryProbe(half, false, at(6000)))).toBe("ejected");
  });

  it("starts slowly after it was away: one slot, one more with each good call", () => {
    const away = afterProbe(sound, { kind: "refused" }, at(0));
    const back = afterProbe(away, answered, at(500));
    expect(statusOf(back)).toEqual({ kind: "ejected", until: 500 });
    const half: NodeHealth = {
      ...back,
      breaker: { ...back.breaker, state: { kind: "half-open", deadline: milliseconds(15_500) } },
    };
    const open = afterRecoveryProbe(half, true, at(600));
    const slots = [0, 1, 2, 3, 4].map((good) =>
      openSlots(
        calls(
          open,
          Array.from({ length: good }, () => "succeeded" as const),
        ),
        4,
      ),
    );
    expect(slots).toEqual([1, 2, 3, 4, 4]);
  });

  it("forgets the failures of a process that died once its successor has proved itself, not those of calls that went wrong", () => {
    const failed = calls(sound, ["failed", "failed"]);
    const halfOpen = (health: NodeHealth): NodeHealth => ({
      ...health,
      breaker: { ...health.breaker, state: { kind: "half-open", deadline: milliseconds(15_500) } },
    });
    const died = afterProbe(failed, { kind: "refused" }, at(10));
    const back = afterProbe(died, { kind: "answered", tookMs: 5 }, at(500));
    expect(failurePenalty(afterRecoveryProbe(halfOpen(back), true, at(600)), at(600).now)).toBe(0);
    expect(afterRecoveryProbe(halfOpen(back), false, at(600)).failedAt).toHaveLength(2);
    const lying = halfOpen(calls(sound, fiveFailures));
    expect(afterRecoveryProbe(lying, true, at(600)).failedAt).toHaveLength(5);
  });

  it("leaves a draining node draining whatever happens", () => {
    const draining: NodeHealth = { ...sound, isDraining: true };
    expect(takesWork(statusOf(draining))).toBe(false);
    expect(kind(calls(draining, fiveFailures))).toBe("draining");
    expect(kind(afterCall(draining, "refused", at(0)))).toBe("draining");
  });

  it("lets failures cost time that fades: 5 s each, half after 10 s, 30 s at most", () => {
    const once = afterCall(sound, "failed", at(0));
    const costs = [0, 10_000, 20_000, 60_000].map((now) => failurePenalty(once, milliseconds(now)));
    expect(costs).toEqual([5000, 2500, 1250, 0]);
    expect(failurePenalty(sound, milliseconds(0))).toBe(0);
    const many = calls(sound, [...fiveFailures, ...fiveFailures, ...fiveFailures]);
    expect(failurePenalty(many, milliseconds(20))).toBe(30_000);
  });
});

describe("effectiveStatuses", () => {
  const soft = calls(sound, fiveFailures);
  const hard = afterProbe(sound, { kind: "refused" }, at(0));
  const kinds = (...nodes: readonly NodeHealth[]): readonly string[] =>
    effectiveStatuses(nodes).map((status) => status.kind);

  it("ignores soft verdicts when half of three nodes or more are open, never hard ones", () => {
    expect(kinds(soft, hard, sound, sound)).toEqual([
      "available",
      "unreachable",
      "available",
      "available",
    ]);
    const slow = afterModelsProbe(sound, 5000);
    expect(kinds(soft, soft, slow)).toEqual(["available", "available", "available"]);
    expect(kinds(hard, hard, hard)).toEqual(["unreachable", "unreachable", "unreachable"]);
  });

  it("keeps them while most nodes are sound, or there are only two", () => {
    expect(kinds(soft, sound, sound)).toEqual(["ejected", "available", "available"]);
    expect(kinds(soft, hard)).toEqual(["ejected", "unreachable"]);
  });

  it("does not bring back a node that drains", () => {
    expect(kinds({ ...soft, isDraining: true }, soft, soft)[0]).toBe("draining");
  });
});
