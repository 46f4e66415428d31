import { describe, expect, it } from "vitest";
import { proveByRanking, proveBySnapshot, type ProvenEntry } from "./hit-proof.ts";

const entry: ProvenEntry = {
  cited: [
    { chunkId: "a", contentHash: "1", collectionId: "x" },
    { chunkId: "b", contentHash: "2", collectionId: "x" },
  ],
  generations: new Map([["x", 4]]),
};
const readable = new Map([
  ["a", { contentHash: "1" }],
  ["b", { contentHash: "2" }],
]);

describe("proveBySnapshot", () => {
  it("proves an entry whose scope has not moved", () => {
    const verdict = proveBySnapshot(entry, { readable, generations: new Map([["x", 4]]) });
    expect(verdict.kind).toBe("proven");
  });

  it("needs a ranking when the corpus moved, or the scope grew or shrank", () => {
    for (const generations of [
      new Map([["x", 5]]),
      new Map([
        ["x", 4],
        ["y", 1],
      ]),
      new Map(),
    ])
      expect(proveBySnapshot(entry, { readable, generations }).kind).toBe("ranking-needed");
  });

  it("needs a ranking when one collection of several moved", () => {
    const two = new Map([
      ["x", 4],
      ["y", 7],
    ]);
    const of = (y: number): string =>
      proveBySnapshot(
        { ...entry, generations: two },
        { readable, generations: new Map([...two, ["y", y]]) },
      ).kind;
    expect([of(7), of(8)]).toEqual(["proven", "ranking-needed"]);
  });

  it.each([
    ["chunk-changed", new Map([...readable, ["b", { contentHash: "3" }]])],
    ["not-readable", new Map([["a", { contentHash: "1" }]])],
  ])("refutes: %s", (reason, changed) => {
    const verdict = proveBySnapshot(entry, { readable: changed, generations: new Map([["x", 4]]) });
    expect(verdict).toEqual({ kind: "refuted", reason });
  });

  it("never proves an entry without evidence", () => {
    const empty = { ...entry, cited: [] };
    const snapshot = { readable, generations: new Map([["x", 4]]) };
    expect(proveBySnapshot(empty, snapshot)).toEqual({ kind: "refuted", reason: "no-evidence" });
  });
});

describe("proveByRanking", () => {
  const found = (chunkId: string, contentHash: string, isNewer = false) => ({
    chunkId,
    contentHash,
    isNewer,
  });
  const a = found("a", "1");
  const b = found("b", "2");
  const older = found("o", "9");
  const newer = found("n", "9", true);

  it("lets newer chunks below the cited ones, and older ones anywhere", () => {
    expect(proveByRanking(entry, [older, a, b, newer], "same").kind).toBe("proven");
  });

  it("refutes by a newer chunk above the lowest cited one", () => {
    expect(proveByRanking(entry, [a, newer, b], "same")).toEqual({
      kind: "refuted",
      reason: "better-chunk",
    });
    expect(proveByRanking(entry, [a, newer], "same")).toEqual({
      kind: "refuted",
      reason: "better-chunk",
    });
  });

  it("refutes by a newer chunk before all others", () => {
    const better = { kind: "refuted", reason: "better-chunk" };
    expect(proveByRanking(entry, [newer, a, b], "same")).toEqual(better);
    expect(proveByRanking(entry, [newer, a, b], "other")).toEqual(better);
    expect(proveByRanking(entry, [newer], "same")).toEqual(better);
  });

  it("takes a chunk for a cited one by its id and its text, never by one of them", () => {
    const lost = { kind: "refuted", reason: "not-retrieved" };
    expect(proveByRanking(entry, [a, found("b", "3")], "other")).toEqual(lost);
    expect(proveByRanking(entry, [a, found("c", "2")], "other")).toEqual(lost);
    // Not found counts as below the end: a newer one stands above it.
    expect(proveByRanking(entry, [a, found("b", "3"), newer], "same").kind).toBe("refuted");
  });

  it("proves nothing of an entry that cites nothing", () => {
    const nothing = { kind: "refuted", reason: "no-evidence" };
    for (const wording of ["same", "other"] as const)
      expect(proveByRanking({ ...entry, cited: [] }, [a, b], wording)).toEqual(nothing);
  });

  it("another wording has to find what is cited", () => {
    expect(proveByRanking(entry, [a, older], "other")).toEqual({
      kind: "refuted",
      reason: "not-retrieved",
    });
    expect(proveByRanking(entry, [a, older], "same").kind).toBe("proven");
    expect(proveByRanking(entry, [b, a], "other").kind).toBe("proven");
  });
});
