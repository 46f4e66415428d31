import { describe, expect, it } from "vitest";
import { branchTo, newestLeaf, type BranchNode } from "./branches.ts";

const node = (answerId: string, parentId: string | null, startedAtMs: number): BranchNode => ({
  answerId,
  parentId,
  startedAtMs,
});

// a ─ b ─ c
//   └ d ─ e      (d: b asked again)
// f              (a edited)
const tree = [
  node("a", null, 1),
  node("b", "a", 2),
  node("c", "b", 3),
  node("d", "a", 4),
  node("e", "d", 5),
  node("f", null, 6),
];

describe("branchTo", () => {
  it("is the way from the beginning to the tip, with what else stands at each place", () => {
    expect(branchTo(tree, "c")).toEqual([
      { answerId: "a", siblings: ["a", "f"] },
      { answerId: "b", siblings: ["b", "d"] },
      { answerId: "c", siblings: ["c"] },
    ]);
  });

  it("is the newest branch when the tip is unknown or gone", () => {
    expect(branchTo(tree, null).map(({ answerId }) => answerId)).toEqual(["f"]);
    expect(branchTo(tree, "gone").map(({ answerId }) => answerId)).toEqual(["f"]);
    expect(branchTo([], "gone")).toEqual([]);
  });

  it("ends even in a tree that is none", () => {
    const ring = [node("a", "b", 1), node("b", "a", 2)];
    expect(branchTo(ring, "a").length).toBeLessThanOrEqual(2);
    expect(newestLeaf(ring, "a")).toMatch(/^[ab]$/u);
  });
});

describe("newestLeaf", () => {
  it("follows the newest branch below an answer", () => {
    expect(newestLeaf(tree, "a")).toBe("e");
    expect(newestLeaf(tree, "b")).toBe("c");
    expect(newestLeaf(tree, null)).toBe("f");
    expect(newestLeaf([], null)).toBe(null);
  });
});
