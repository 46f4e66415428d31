import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "#testing/fakes/fake-ollama/behaviour.ts";
import { herdOver, startNodes } from "./herd.ts";
import { faultsOf } from "./ledger.ts";
import type { NodeProcess } from "./node-process.ts";

const tokens = 40;
const places = [
  ["at the first token", 0],
  ["between tokens", 7],
  ["at the last token", tokens],
] as const;
/** With what the node is charged for it. */
const streamFaults: readonly (readonly [Fault, string])[] = [
  ["cut", "cut"],
  ["no-done", "no-done"],
  ["garbage", "not-json"],
  ["error-line", "error-line"],
];

describe("a node that spoils one stream", () => {
  let nodes: readonly NodeProcess[];
  beforeAll(async () => {
    nodes = await startNodes(3);
  });
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
  });

  describe.each(streamFaults)("%s", (fault, reason) => {
    it.each(places)("%s", async (_place, tokensBeforeFault) => {
      const herd = await herdOver(nodes, 1);
      try {
        await nodes[0]?.behave({ fault, tokensBeforeFault, faultCount: 1 });
        // One for each slot, so that the broken node gets one as well.
        const answers = await Promise.all(nodes.map(() => herd.ask(tokens)));
        expect(answers.flatMap(faultsOf)).toEqual([]);
        const failovers = herd.cluster.engine.records.failovers();
        expect(failovers.map(({ nodeId, reason: why }) => [nodeId, why])).toEqual([["n0", reason]]);
        expect(answers.filter(({ resumes }) => resumes > 0)).toHaveLength(
          tokensBeforeFault > 0 ? 1 : 0,
        );
      } finally {
        await herd.stop();
      }
    });
  });
});
