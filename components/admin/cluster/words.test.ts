import { expect, it } from "vitest";
import { drawnCluster } from "#testing/e2e/cluster-snapshots.ts";
import { incidentsOf } from "./words.ts";

it("links what happened to how its answer came about, where there is one", () => {
  const { failovers } = drawnCluster(4, true);
  const found = incidentsOf(failovers).map(({ turnId, traceHref }) => [turnId, traceHref]);
  expect(found).toEqual([
    ["t2", null],
    ["t1", "/admin/quality/traces/a1"],
  ]);
});
