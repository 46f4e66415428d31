import { describe, expect, it } from "vitest";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { createScriptedTier } from "#testing/fakes/scripted-tier.ts";
import { guardTier } from "./guarded-tier.ts";

const value = new Uint8Array([1]);
const missed = { values: [null], isAnswered: false };

function started() {
  const clock = createFakeClock();
  const tier = createScriptedTier("redis");
  const faults: unknown[] = [];
  const guard = guardTier({
    ...{ tier, clock, timeoutMs: 100 },
    onFault: (error) => faults.push(error),
  });
  const passing = async <T>(work: Promise<T>, ms = 100): Promise<T> => {
    await clock.advance(ms);
    return work;
  };
  tier.held.set("k", value);
  return { clock, tier, guard, faults, passing };
}

describe("a guarded cache tier", () => {
  it("passes on what the tier says", async () => {
    const { guard } = started();
    await guard.write([{ key: "other", value, keepMs: 1 }]);
    expect(await guard.read(["k", "other", "gone"])).toEqual({
      ...{ values: [value, value, null], isAnswered: true },
    });
    await guard.remove(["k"]);
    expect((await guard.read(["k"])).values).toEqual([null]);
  });

  it.each(["fails", "throws", "short"] as const)("makes a miss of a tier that %s", async (mode) => {
    const { tier, guard } = started();
    tier.mode = mode;
    expect(await guard.read(["k"])).toEqual(missed);
    await guard.write([{ key: "k", value, keepMs: 1 }]);
    await guard.remove(["k"]);
  });

  it("waits no longer than its time-out for a tier that hangs", async () => {
    const { tier, guard, passing } = started();
    tier.mode = "hangs";
    expect(await passing(guard.read(["k"]))).toEqual(missed);
    await passing(guard.write([{ key: "k", value, keepMs: 1 }]));
  });

  it("leaves a tier alone after three faults, says so once, and lets nobody wait for the try", async () => {
    const { clock, tier, guard, faults, passing } = started();
    tier.mode = "hangs";
    for (let asked = 0; asked < 3; asked += 1) await passing(guard.read(["k"]));
    expect(guard.isWorking()).toBe(false);
    expect(faults).toHaveLength(1);
    for (let asked = 0; asked < 5; asked += 1) expect(await guard.read(["k"])).toEqual(missed);
    expect(tier.calls).toHaveLength(3);
    // A second later one call goes out; who made it has a miss at once.
    await clock.advance(1100);
    expect(await guard.read(["k"])).toEqual(missed);
    expect(tier.calls).toHaveLength(4);
    await clock.advance(100);
    tier.mode = "works";
    await clock.advance(60_000);
    expect(await guard.read(["k"])).toEqual(missed);
    await clock.advance(1);
    expect(guard.isWorking()).toBe(true);
    expect(await guard.read(["k"])).toEqual({ values: [value], isAnswered: true });
    expect(faults).toHaveLength(1);
  });

  it("is not put out by single faults between calls that work", async () => {
    const { tier, guard } = started();
    for (let asked = 0; asked < 8; asked += 1) {
      tier.mode = asked % 4 === 0 ? "fails" : "works";
      await guard.read(["k"]);
    }
    expect(guard.isWorking()).toBe(true);
  });
});
