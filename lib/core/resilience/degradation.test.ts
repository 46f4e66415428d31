import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { workClasses } from "../scheduling/work-class.ts";
import { milliseconds } from "../time/milliseconds.ts";
import {
  allowsExtras,
  holdsClass,
  nextDegradation,
  noDegradation,
  outputLimit,
  type Degradation,
  type Strain,
} from "./degradation.ts";

const calm: Strain = { waitMs: 0, nodes: 4, openNodes: 0 };
const waits = (waitMs: number): Strain => ({ ...calm, waitMs });

/** The state after the strain has held for that long, looked at each second. */
function hold(state: Degradation, strain: Strain, fromMs: number, forMs: number): Degradation {
  let next = state;
  for (let now = fromMs; now <= fromMs + forMs; now += 1000)
    next = nextDegradation(next, strain, milliseconds(now));
  return next;
}

describe("degradation", () => {
  it("holds preparation from level 2 on, and at 3 all but people and urgent agents", () => {
    const held = ([0, 1, 2, 3] as const).map((level) =>
      workClasses.filter((workClass) => holdsClass(level, workClass)),
    );
    const all = ["agent-medium", "agent-low", "ingest", "prewarm"];
    expect(held).toEqual([[], [], ["prewarm"], all]);
  });

  it("says why as long as it holds, and begins at a wait of 10 s", () => {
    expect(hold(noDegradation, waits(9999), 0, 6000).level).toBe(0);
    const first = hold(noDegradation, waits(10_000), 0, 6000);
    expect(first).toMatchObject({ level: 1, reason: "wait" });
    const high = hold(noDegradation, { ...calm, openNodes: 3 }, 0, 6000);
    expect(high).toMatchObject({ level: 2, reason: "nodes" });
    expect(hold(high, calm, 10_000, 31_000)).toMatchObject({ level: 1, reason: "nodes" });
  });

  it("rises as far as asked once that has held for 5 s, not for a moment", () => {
    expect(hold(noDegradation, waits(30_000), 0, 4000).level).toBe(0);
    expect(hold(noDegradation, waits(30_000), 0, 5000)).toMatchObject({ level: 2, reason: "wait" });
    const moment = nextDegradation(noDegradation, waits(30_000), milliseconds(0));
    expect(
      hold(nextDegradation(moment, calm, milliseconds(1000)), waits(30_000), 2000, 4000).level,
    ).toBe(0);
  });

  it("rises with the share of open nodes", () => {
    const levels = [1, 2, 3, 4].map(
      (openNodes) => hold(noDegradation, { ...calm, openNodes }, 0, 6000).level,
    );
    expect(levels).toEqual([0, 1, 2, 3]);
    expect(hold(noDegradation, { waitMs: 0, nodes: 0, openNodes: 0 }, 0, 6000).level).toBe(0);
  });

  it("falls one step each 30 s, and only well below the limit", () => {
    const high = hold(noDegradation, waits(90_000), 0, 6000);
    expect(high.level).toBe(3);
    expect(hold(high, waits(60_000), 10_000, 100_000).level).toBe(3);
    expect(hold(high, calm, 10_000, 29_000).level).toBe(3);
    expect(hold(high, calm, 10_000, 31_000).level).toBe(2);
    expect(hold(high, calm, 10_000, 100_000)).toMatchObject({ level: 0, reason: null });
  });

  it("does not flap at a limit: within a minute of strain around it there is at most one change", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 6500, max: 13_000 }), { minLength: 60, maxLength: 60 }),
        (waitMs) => {
          let state = noDegradation;
          let changes = 0;
          for (const [second, wait] of waitMs.entries()) {
            const next = nextDegradation(state, waits(wait), milliseconds(second * 1000));
            if (next.level !== state.level) changes += 1;
            state = next;
          }
          expect(changes).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it("caps answers from level 1 and drops extras from level 2", () => {
    expect([outputLimit(0, 4000), outputLimit(1, 4000), outputLimit(3, 500)]).toEqual([
      4000, 1024, 500,
    ]);
    expect(([0, 1, 2, 3] as const).map(allowsExtras)).toEqual([true, true, false, false]);
  });
});
