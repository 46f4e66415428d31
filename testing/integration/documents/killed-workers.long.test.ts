import { describe, expect, it } from "vitest";
import { killWorkers, seededRandom } from "./kill-workers.ts";

describe("a worker process that is killed two hundred times", () => {
  it("leaves every document searchable once", async () => {
    const seed = Number(process.env["TEST_SEED"] ?? "1");
    console.log(`seed ${String(seed)}`);
    const random = seededRandom(seed);
    for (let round = 0; round < 5; round += 1) {
      const points = Array.from({ length: 40 }, (_, index) =>
        index % 2 === 0 ? (index % 30) + 1 : 1 + Math.floor(random() * 50),
      );
      const report = await killWorkers(points);
      expect(report).toMatchObject({ halfVisible: 0, faults: [] });
      expect(report.searchable + report.failures.length).toBe(40);
      // Three deaths over one document end it, with that as the reason; they are the few that random points hit again.
      expect(report.searchable).toBeGreaterThanOrEqual(24);
      for (const reason of report.failures) expect(reason).toMatch(/program stopped each time/);
      expect(report.settledAfterMs).toBeLessThan(60_000);
    }
  }, 1_800_000);
});
