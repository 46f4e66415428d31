import { expect, test } from "@playwright/test";
import { metricsToken } from "../bench/product.ts";
import { startBusyWorkspace, type BusyWorkspace } from "../load/busy-workspace.ts";
import { flatGrowth, growthOf, holdManyPeople } from "../load/many-people.ts";

const people = 500;
const streams = 50;
const minutes = process.env["TEST_LONG"] === "1" ? 10 : 2;

test.describe("a workspace of its own", () => {
  let workspace: BusyWorkspace;
  test.beforeAll(async () => {
    test.setTimeout(180_000);
    workspace = await startBusyWorkspace(people);
  });
  test.afterAll(async () => {
    await workspace.stop();
  });

  test(`500 people with an open page and 50 streams from one address keep memory flat and the event loop free for ${String(minutes)} minutes`, async () => {
    test.setTimeout((minutes + 1) * 60_000);
    const { origin, cookies } = workspace;
    const lastsMs = minutes * 60_000;
    const held = await holdManyPeople({ origin, metricsToken, cookies, streams, lastsMs });
    const late = held.lateShare(0.05);
    const machine = held.idleLateShare(0.05);
    const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
    console.log(
      `memory × ${growthOf(held.memory).toFixed(3)} (${(Math.max(...held.memory) / 1e6).toFixed(0)} MB), ${String(held.mostStreams)} streams, ${String(held.answered)} answers, later than 50 ms: ${percent(late)}, a program that does nothing: ${percent(machine)}`,
    );
    expect(held.faults).toEqual([]);
    expect(held.mostStreams).toBe(streams);
    expect(held.answered).toBeGreaterThan(streams);
    expect(growthOf(held.memory)).toBeLessThan(flatGrowth(minutes));
    expect(late - machine).toBeLessThanOrEqual(0.01);
  });
});
