import { describe, expect, it } from "vitest";
import { milliseconds } from "../time/milliseconds.ts";
import {
  afterCall,
  afterModelsProbe,
  afterProbe,
  takesWork,
  unknownHealth,
  type NodeHealth,
} from "./node-health.ts";

const at = milliseconds;
const sound: NodeHealth = { status: { kind: "available" }, failures: 0, missedProbes: 0 };
const answered = { kind: "answered", tookMs: 3 } as const;

describe("node health", () => {
  it("takes no work before its first probe and does after a good one", () => {
    expect(takesWork(unknownHealth.status)).toBe(false);
    expect(takesWork(afterProbe(unknownHealth, answered, at(0)).status)).toBe(true);
  });

  it("forgives one silent probe and counts the second in a row as unreachable", () => {
    const once = afterProbe(sound, { kind: "silent" }, at(0));
    expect(once.status.kind).toBe("available");
    expect(afterProbe(once, { kind: "silent" }, at(1)).status.kind).toBe("unreachable");
    const between = afterProbe(once, answered, at(1));
    expect(afterProbe(between, { kind: "silent" }, at(2)).status.kind).toBe("available");
  });

  it("counts a refused probe as unreachable at once", () => {
    expect(afterProbe(sound, { kind: "refused" }, at(0)).status.kind).toBe("unreachable");
  });

  it("calls a slow node degraded, which still takes work, and a quick one available again", () => {
    const slow = afterProbe(sound, { kind: "answered", tookMs: 1500 }, at(0));
    expect(slow.status).toEqual({ kind: "degraded", reason: "slow-version" });
    expect(takesWork(slow.status)).toBe(true);
    expect(afterProbe(slow, answered, at(1)).status.kind).toBe("available");
  });

  it("degrades on a slow model list beside a fast version and recovers by itself", () => {
    const slow = afterModelsProbe(sound, 7000);
    expect(slow.status).toEqual({ kind: "degraded", reason: "slow-models" });
    expect(afterModelsProbe(slow, 4).status.kind).toBe("available");
    expect(afterModelsProbe(unknownHealth, 7000)).toBe(unknownHealth);
  });

  it("ejects after a failed call, twice as long after each further one, at most a minute", () => {
    let health = sound;
    const waits: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      health = afterCall({ ...health, status: { kind: "available" } }, "failed", at(100));
      if (health.status.kind === "ejected") waits.push(health.status.until - 100);
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  });

  it("lets an ejected node back only by a probe after its time, and a good call ends the row", () => {
    const ejected = afterCall(sound, "failed", at(0));
    expect(afterProbe(ejected, answered, at(999)).status.kind).toBe("ejected");
    const back = afterProbe(ejected, answered, at(1000));
    expect(back.status.kind).toBe("available");
    expect(afterCall(back, "succeeded", at(1001)).failures).toBe(0);
  });

  it("counts a refused connection of a call as unreachable", () => {
    expect(afterCall(sound, "refused", at(0)).status.kind).toBe("unreachable");
  });

  it("leaves a draining node draining whatever happens", () => {
    const draining: NodeHealth = { ...sound, status: { kind: "draining" } };
    expect(takesWork(draining.status)).toBe(false);
    expect(afterCall(draining, "failed", at(0)).status.kind).toBe("draining");
    expect(afterCall(draining, "refused", at(0)).status.kind).toBe("draining");
    expect(afterProbe(draining, answered, at(0)).status.kind).toBe("draining");
  });
});
