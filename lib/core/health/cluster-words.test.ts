import { describe, expect, it } from "vitest";
import { closedBreaker, type OpenReason } from "../resilience/circuit-breaker.ts";
import { milliseconds } from "../time/milliseconds.ts";
import { clusterProblems, type SuspectNode } from "./cluster-problems.ts";
import { clusterSummary, degradationWords, whyWords } from "./cluster-words.ts";
import { statusOf, unknownHealth, type NodeHealth } from "./node-health.ts";

const sound: NodeHealth = { ...unknownHealth, reach: "reachable" };
const openFor = (reason: OpenReason): NodeHealth["breaker"] => ({
  ...closedBreaker,
  ...{ state: { kind: "open", until: milliseconds(9000) }, reason },
});
const away = (reason: OpenReason): NodeHealth => ({
  ...sound,
  ...{ reach: "unreachable", breaker: openFor(reason) },
});
const needed = ["chat:1b", "embed"];
const models = needed.map((name) => ({ name, isShared: true }));
const suspect = (
  id: string,
  health: NodeHealth,
  change: Partial<SuspectNode> = {},
): SuspectNode => ({
  ...{ id, health, status: statusOf(health), models, isAsked: true },
  ...change,
});

describe("clusterSummary", () => {
  const idle = { peopleWaitMs: 0, level: 0, problems: [] } as const;
  const of = (...statuses: readonly NodeHealth[]) =>
    statuses.map((health, place) => ({ id: `n${String(place)}`, status: statusOf(health).kind }));

  it("says that all is well, and what is not", () => {
    expect(clusterSummary(of(sound, sound), idle)).toBe("All nodes work and nobody waits long.");
    expect(clusterSummary([], idle)).toBe("There are no nodes yet. Add one.");
    expect(clusterSummary(of(away("refused")), idle)).toBe(
      "No node takes work. Questions wait until one is back.",
    );
    expect(clusterSummary(of({ ...sound, isDraining: true }), idle)).toBe(
      "Every node is drained. Questions wait until you resume one.",
    );
    expect(clusterSummary(of(sound, { ...sound, isVersionSlow: true }), idle)).toBe(
      "n1: slow to answer.",
    );
    expect(clusterSummary(of(sound), { ...idle, peopleWaitMs: 12_400 })).toBe(
      "All nodes work, and people wait up to 12 s.",
    );
    expect(clusterSummary(of(sound), { ...idle, level: 1 })).toBe(
      "All nodes work. Drover is still cutting back after a rush.",
    );
  });

  it("leads to what else needs a look", () => {
    const problems = [{ nodeIds: ["n0"] }, { nodeIds: ["n0", "n1"] }];
    expect(clusterSummary(of(sound, sound), { ...idle, problems })).toBe(
      "All nodes work, but look at n0, n1.",
    );
  });

  it("names the nodes that are away, and not all of very many", () => {
    const gone = away("refused");
    expect(clusterSummary(of(sound, gone), { ...idle, level: 1 })).toBe(
      "n1 is away. The other 1 of 2 nodes serve everything.",
    );
    expect(clusterSummary(of(sound, gone, gone, gone, gone, gone), { ...idle, level: 2 })).toBe(
      "n1, n2, n3 and 2 more are away. The other 1 of 6 nodes serve everything.",
    );
  });
});

describe("whyWords", () => {
  it.each<[NodeHealth, string]>([
    [sound, ""],
    [unknownHealth, "It has not answered yet."],
    [away("refused"), "It refused a connection."],
    [away("unreachable"), "It did not answer twice in a row."],
    [{ ...sound, breaker: openFor("failures-in-a-row") }, "Five requests failed there in a row."],
    [
      { ...sound, isDraining: true },
      "An admin drains it: it finishes what it has and takes nothing new.",
    ],
    [{ ...sound, isVersionSlow: true }, "It answers, but takes longer than 1 s for its version."],
  ])("says why a node has its status, %#", (health, why) => {
    expect(whyWords(statusOf(health), health)).toBe(why);
  });
});

it("says in plain words what a level of degradation means, and nothing where there is none", () => {
  expect(degradationWords(0, null)).toBe("");
  expect(degradationWords(1, "nodes")).toBe(
    "Too many nodes are away. Answers are at most 1,024 tokens long.",
  );
  expect(degradationWords(3, "wait")).toBe(
    "People wait too long. Only high-priority requests run; the others wait.",
  );
});

describe("clusterProblems", () => {
  it("has none where all is well, drained or only starting", () => {
    const nodes = [
      suspect("a", sound),
      suspect("b", { ...sound, isDraining: true }),
      suspect("c", sound, { isAsked: false, models: [] }),
    ];
    expect(clusterProblems(nodes, needed)).toEqual([]);
  });

  it("puts nodes with the same trouble together, those that serve nothing first", () => {
    const nodes = [
      suspect("slow", { ...sound, isVersionSlow: true }),
      suspect("a", away("refused")),
      suspect("b", sound),
      suspect("c", away("refused")),
      suspect("silent", away("unreachable")),
      suspect("new", unknownHealth, { isAsked: false, models: [] }),
    ];
    const found = clusterProblems(nodes, needed);
    expect(found.map(({ tone, nodeIds }) => [tone, ...nodeIds])).toEqual([
      ["bad", "a", "c"],
      ["bad", "silent"],
      ["bad", "new"],
      ["warning", "slow"],
    ]);
    expect(found[0]?.next).toBe("Start it. The node is taken back within seconds.");
  });

  it("tells a node whose requests fail from one that goes on because half of them are away", () => {
    const failing = { ...sound, breaker: openFor("failures-in-a-row") };
    const nodes = [
      suspect("out", failing),
      suspect("on", failing, { status: { kind: "available" } }),
    ];
    expect(clusterProblems(nodes, needed).map(({ tone, what }) => [tone, what])).toEqual([
      ["bad", "Requests fail there."],
      ["warning", "Requests fail there; it goes on only because half of the nodes are away."],
    ]);
  });

  it("names models that a node lacks or has in another version: it looks well and serves nothing", () => {
    const nodes = [
      suspect("a", sound, { models: [{ name: "chat:1b", isShared: true }] }),
      suspect("b", sound, {
        models: [
          { name: "embed:latest", isShared: true },
          { name: "chat:1b", isShared: false },
        ],
      }),
    ];
    expect(clusterProblems(nodes, needed).map(({ nodeIds, what }) => [...nodeIds, what])).toEqual([
      ["a", "Lacks embed and gets no requests for it."],
      ["b", "Has another version of chat:1b than most nodes and gets no requests for it."],
    ]);
  });
});
