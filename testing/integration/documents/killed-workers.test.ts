import { describe, expect, it } from "vitest";
import { killWorkers, seededRandom } from "./kill-workers.ts";

describe("a worker process that is killed", () => {
  it("leaves every document searchable once or failed with a reason, whatever step it is killed at", async () => {
    // Each worker dies one step later than the one before; half of them at random steps further on.
    const random = seededRandom(4);
    const points = Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0 ? index + 1 : 1 + Math.floor(random() * 40),
    );
    const report = await killWorkers(points);
    expect(report.points.filter((step) => step !== "")).toHaveLength(20);
    expect(new Set(report.points).size).toBeGreaterThanOrEqual(8);
    expect(report).toMatchObject({ halfVisible: 0, faults: [] });
    expect(report.searchable + report.failures.length).toBe(20);
    // Three deaths over one document end it, with that as the reason; they are the few that random points hit again.
    expect(report.searchable).toBeGreaterThanOrEqual(12);
    for (const reason of report.failures) expect(reason).toMatch(/program stopped each time/);
    expect(report.settledAfterMs).toBeLessThan(60_000);
  }, 180_000);
});
