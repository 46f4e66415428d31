import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { milliseconds } from "../time/milliseconds.ts";
import {
  afterCircuitCall,
  afterHalfOpenProbe,
  breakerLimits,
  closedBreaker,
  isProbeDue,
  opened,
  probing,
  waitEnded,
  type BreakerMoment,
  type CircuitBreaker,
} from "./circuit-breaker.ts";

const at = (now: number, chance = 0.5): BreakerMoment => ({
  now: milliseconds(now),
  chance,
  limits: breakerLimits,
});
const calls = (breaker: CircuitBreaker, results: string, everyMs = 10): CircuitBreaker =>
  Array.from(results).reduce(
    (state, result, index) => afterCircuitCall(state, result === "x", at(index * everyMs)),
    breaker,
  );

describe("circuit breaker", () => {
  it("opens at the fifth failure in a row, not at the fourth", () => {
    expect(calls(closedBreaker, "xxxx").state.kind).toBe("closed");
    expect(calls(closedBreaker, "xxxxx")).toMatchObject({
      state: { kind: "open" },
      reason: "failures-in-a-row",
    });
    expect(calls(closedBreaker, "ooooooooooxxxxoxxxx").state.kind).toBe("closed");
  });

  it("opens at five failures in a minute only when they are half of its calls", () => {
    expect(calls(closedBreaker, "oxoxoxoxox").reason).toBe("failure-share");
    expect(calls(closedBreaker, "ooxooxooxooxoox").state.kind).toBe("closed");
    expect(calls(closedBreaker, "oxoxoxoxox", 20_000).state.kind).toBe("closed");
  });

  it("waits 1 s, twice as long after each further opening, at most a minute, spread by a fifth", () => {
    const waits: number[] = [];
    let breaker = closedBreaker;
    for (let round = 0; round < 8; round += 1) {
      breaker = opened(breaker, "refused", at(0));
      if (breaker.state.kind === "open") waits.push(breaker.state.until);
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    expect(opened(closedBreaker, "refused", at(0, 0)).state).toEqual({ kind: "open", until: 800 });
    expect(opened(breaker, "refused", at(0, 0.999)).state).toEqual({ kind: "open", until: 60_000 });
  });

  it("starts again at 1 s after a calm minute, and not before", () => {
    const twice = opened(opened(closedBreaker, "refused", at(0)), "refused", at(0));
    const back = afterHalfOpenProbe(probing(twice, at(2000)), true, at(2001));
    expect(opened(back, "refused", at(3000)).openings).toBe(3);
    expect(opened(back, "refused", at(62_001)).openings).toBe(3);
    expect(opened(back, "refused", at(62_002)).openings).toBe(1);
  });

  it("sends one probe when the wait is over, and another only when the first never settles", () => {
    const open = opened(closedBreaker, "refused", at(0));
    expect(isProbeDue(closedBreaker, milliseconds(9e9))).toBe(false);
    expect([999, 1000].map((now) => isProbeDue(open, milliseconds(now)))).toEqual([false, true]);
    const half = probing(open, at(1000));
    expect([1001, 15_999, 16_000].map((now) => isProbeDue(half, milliseconds(now)))).toEqual([
      false,
      false,
      true,
    ]);
  });

  it("closes after a good probe and waits longer after a bad one", () => {
    const half = probing(opened(closedBreaker, "failure-share", at(0)), at(1000));
    expect(afterHalfOpenProbe(half, true, at(1100)).state.kind).toBe("closed");
    expect(afterHalfOpenProbe(half, false, at(1100))).toMatchObject({
      state: { kind: "open", until: 3100 },
      reason: "failure-share",
    });
    expect(afterHalfOpenProbe(closedBreaker, false, at(0))).toBe(closedBreaker);
  });

  it("is not moved by calls that end while it is open", () => {
    const open = opened(closedBreaker, "refused", at(0));
    expect(calls(open, "xxxxxxoooo")).toBe(open);
  });

  it("closes on a call that succeeds when the probe is due: a busy node has no room for the probe", () => {
    const open = opened(closedBreaker, "failures-in-a-row", at(0));
    expect(afterCircuitCall(open, false, at(999))).toBe(open);
    expect(afterCircuitCall(open, true, at(1000))).toBe(open);
    expect(afterCircuitCall(open, false, at(1000))).toMatchObject({
      state: { kind: "closed" },
      closedAt: 1000,
    });
  });

  it("waits no longer once the node answers again", () => {
    const open = opened(opened(closedBreaker, "unreachable", at(0)), "unreachable", at(0));
    expect(waitEnded(open, milliseconds(300)).state).toEqual({ kind: "open", until: 300 });
    expect(waitEnded(open, milliseconds(5000))).toBe(open);
  });

  const step = fc.record({
    kind: fc.constantFrom("ok", "fail", "refused", "probe", "settle-ok", "settle-bad", "never"),
    afterMs: fc.nat(20_000),
    chance: fc.double({ min: 0, max: 0.999, noNaN: true }),
  });

  it("never gets stuck: whatever happened, within a minute and a fifth a probe is due or it is closed", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        let now = 0;
        let breaker = closedBreaker;
        for (const { kind, afterMs, chance } of steps) {
          now += afterMs;
          const moment = at(now, chance);
          if (kind === "ok" || kind === "fail")
            breaker = afterCircuitCall(breaker, kind === "fail", moment);
          else if (kind === "refused") breaker = opened(breaker, "refused", moment);
          else if (kind === "settle-ok" || kind === "settle-bad")
            breaker = afterHalfOpenProbe(breaker, kind === "settle-ok", moment);
          else if (kind === "probe" && isProbeDue(breaker, moment.now))
            breaker = probing(breaker, moment);
          const later = milliseconds(now + 72_000);
          expect(breaker.state.kind === "closed" || isProbeDue(breaker, later)).toBe(true);
        }
      }),
    );
  });
});
