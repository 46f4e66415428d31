import { afterAll, beforeAll, expect, it } from "vitest";
import { startNodes } from "./herd.ts";
import { matrixFaults, runCell, type Place } from "./matrix.ts";
import type { NodeProcess } from "./node-process.ts";

/** Of the 160 cells of the long run those that no other test is like. */
const cells: readonly (readonly [fault: string, place: Place, hit: number])[] = [
  ["killed", "at the end", 2],
  ["refusing", "between tokens", 3],
  ["lying about its health", "in the prefill", 2],
  ["given other weights", "at the start", 3],
  ["cutting the connection", "in the prefill", 3],
  ["ending without done", "in the prefill", 4],
  ["answering garbage", "at the end", 2],
  ["reporting an error in a 200", "between tokens", 4],
];

let nodes: readonly NodeProcess[];
beforeAll(async () => {
  nodes = await startNodes(4);
});
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.stop()));
});

it.each(cells)("%s %s, %i of 4: everyone is answered whole", async (name, place, hit) => {
  const fault = matrixFaults.find((one) => one.name === name);
  if (fault === undefined) throw new Error(`no such fault: ${name}`);
  const { faults, charged } = await runCell(nodes, fault, place, hit);
  expect(faults).toEqual([]);
  const reasons = charged.map(({ reason }) => reason);
  expect(reasons.filter((reason) => !fault.charges.includes(reason))).toEqual([]);
  if (fault.stream !== undefined) expect(reasons).toHaveLength(hit);
});
