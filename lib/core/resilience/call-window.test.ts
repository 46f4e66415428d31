import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { milliseconds } from "../time/milliseconds.ts";
import { type CallWindow, windowTotals, withWindowCall } from "./call-window.ts";

const windowMs = 6_000;
const sliceMs = 100;

describe("CallWindow", () => {
  it("counts what came within the window, short of it by a sixtieth at most", () => {
    const gaps = fc.array(
      fc.record({ afterMs: fc.nat({ max: 900 }), failed: fc.boolean(), times: fc.nat({ max: 9 }) }),
    );
    fc.assert(
      fc.property(gaps, fc.nat({ max: 9_000 }), (events, laterMs) => {
        let window: CallWindow = [];
        let now = 0;
        const all: { at: number; failed: boolean }[] = [];
        for (const { afterMs, failed, times } of events)
          for (let count = 0; count <= times; count += 1) {
            if (count === 0) now += afterMs;
            window = withWindowCall(window, milliseconds(now), { windowMs, failed });
            all.push({ at: now, failed });
          }
        const end = now + laterMs;
        const { calls, failed } = windowTotals(window, milliseconds(end), windowMs);
        const since = (ms: number) => all.filter(({ at }) => at > end - ms);
        expect(calls).toBeLessThanOrEqual(since(windowMs).length);
        expect(calls).toBeGreaterThanOrEqual(since(windowMs - sliceMs).length);
        const failures = (ms: number): number => since(ms).filter((one) => one.failed).length;
        expect(failed).toBeLessThanOrEqual(failures(windowMs));
        expect(failed).toBeGreaterThanOrEqual(failures(windowMs - sliceMs));
      }),
    );
  });

  it("stays as small for a node that is asked ten thousand times", () => {
    let window: CallWindow = [];
    for (let at = 0; at < 10_000; at += 1)
      window = withWindowCall(window, milliseconds(at), { windowMs });
    expect(window.length).toBeLessThanOrEqual(windowMs / sliceMs);
    expect(windowTotals(window, milliseconds(9_999), windowMs).calls).toBe(6_000);
  });
});
