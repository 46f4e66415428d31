import { describe, expect, it } from "vitest";
import { milliseconds } from "../time/milliseconds.ts";
import { createClassShares } from "./class-shares.ts";
import { workClasses, type WorkClass } from "./work-class.ts";

const at = milliseconds;

/** All of the classes wait all the time; every grant takes a second. */
function grants(classes: readonly WorkClass[], count: number): readonly WorkClass[] {
  const shares = createClassShares();
  for (const workClass of classes) shares.began(workClass, at(0));
  return Array.from({ length: count }, () => {
    const [next = "interactive"] = shares.order(classes, at(0));
    shares.granted(next, 1000, 0, at(0));
    return next;
  });
}

describe("class shares", () => {
  it("serves classes by their weights when all of them always wait", () => {
    const order = grants(workClasses, 650);
    const counts = workClasses.map((one) => order.filter((other) => other === one).length);
    expect(counts).toEqual([320, 160, 80, 40, 40, 10]);
  });

  it("gives the heavier class the first slot", () => {
    expect(grants(["ingest", "interactive"], 1)).toEqual(["interactive"]);
  });

  it("saves no rest up: who comes back starts level with those who were served", () => {
    const shares = createClassShares();
    shares.began("interactive", at(0));
    for (let grant = 0; grant < 100; grant += 1)
      shares.granted("interactive", 1000, 0, at(grant * 1000));
    shares.began("agent-low", at(100_000));
    const order = Array.from({ length: 18 }, () => {
      const [next = "prewarm"] = shares.order(["interactive", "agent-low"], at(100_000));
      shares.granted(next, 1000, 0, at(100_000));
      return next;
    });
    expect(order.filter((next) => next === "agent-low")).toHaveLength(2);
  });

  it.each<[WorkClass, number]>([
    ["interactive", 5000],
    ["agent-high", 5000],
    ["agent-medium", 15_000],
    ["agent-low", 30_000],
    ["ingest", 60_000],
  ])("%s has starved when it has had nothing for %i ms, not before", (workClass, boundMs) => {
    const shares = createClassShares();
    shares.began(workClass, at(0));
    const starved = [boundMs - 1, boundMs].map((ms) => shares.isStarved(workClass, at(ms)));
    expect(starved).toEqual([false, true]);
  });

  it("puts a class first that has had nothing for its bound, the longest starved before others", () => {
    const shares = createClassShares();
    for (const one of ["interactive", "agent-medium", "ingest", "prewarm"] as const)
      shares.began(one, at(0));
    const all = ["interactive", "agent-medium", "ingest", "prewarm"] as const;
    shares.granted("interactive", 1000, 0, at(14_000));
    expect(shares.order(all, at(14_000))[0]).toBe("interactive");
    shares.granted("interactive", 1000, 0, at(15_500));
    expect(shares.order(all, at(15_500))[0]).toBe("agent-medium");
    shares.granted("agent-medium", 1000, 0, at(15_500));
    shares.granted("interactive", 1000, 0, at(59_000));
    expect(shares.order(all, at(61_000)).slice(0, 2)).toEqual(["agent-medium", "ingest"]);
    expect(shares.isStarved("prewarm", at(1e9))).toBe(false);
    expect(shares.isStarved("ingest", at(61_000))).toBe(true);
  });

  it("ages a request from 30 s on, later when its class waits long", () => {
    const shares = createClassShares();
    shares.began("interactive", at(0));
    expect(shares.ageLimitMs("interactive")).toBe(30_000);
    for (let grant = 0; grant < 200; grant += 1) shares.granted("interactive", 1000, 20_000, at(0));
    expect(shares.ageLimitMs("interactive")).toBeCloseTo(80_000, -3);
    expect(shares.ageLimitMs("prewarm")).toBe(Infinity);
  });

  it("leaves the original as it is when a copy plays on", () => {
    const shares = createClassShares();
    for (const one of ["interactive", "ingest"] as const) shares.began(one, at(0));
    const copy = shares.copy();
    for (let grant = 0; grant < 20; grant += 1) copy.granted("interactive", 1000, 0, at(0));
    expect(copy.order(["interactive", "ingest"], at(0))[0]).toBe("ingest");
    expect(shares.order(["interactive", "ingest"], at(0))[0]).toBe("interactive");
  });
});
