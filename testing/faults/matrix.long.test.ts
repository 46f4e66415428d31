import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startNodes } from "./herd.ts";
import { matrixFaults, matrixPlaces, runCell } from "./matrix.ts";
import type { NodeProcess } from "./node-process.ts";

describe("every fault at every place, on 1, 2, 3 of 4 nodes and on all of them", () => {
  let nodes: readonly NodeProcess[];
  beforeAll(async () => {
    nodes = await startNodes(4);
  });
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
  });

  describe.each(matrixFaults)("$name", (fault) => {
    describe.each(matrixPlaces)("%s", (place) => {
      it.each([1, 2, 3, 4])(
        "%i of 4",
        async (hit) => {
          const { answers, faults, charged } = await runCell(nodes, fault, place, hit);
          expect(faults).toEqual([]);
          expect(answers.length).toBeGreaterThanOrEqual(4);
          const reasons = charged.map(({ reason }) => reason);
          expect(reasons.filter((reason) => !fault.charges.includes(reason))).toEqual([]);
          if (fault.breaksWork === true) expect(reasons.length).toBeGreaterThanOrEqual(hit);
          if (fault.stream !== undefined) expect(reasons).toHaveLength(hit);
        },
        120_000,
      );
    });
  });
});
