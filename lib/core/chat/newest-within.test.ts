import { describe, expect, it } from "vitest";
import { newestWithin } from "./newest-within.ts";

describe("newestWithin", () => {
  const turns = ["a".repeat(98), "b".repeat(48), "c".repeat(38)];

  it("keeps the end of a chat, as much of it as fits, in its order", () => {
    expect(newestWithin(turns, 1_000)).toEqual(turns);
    expect(newestWithin(turns, 190)).toEqual(turns);
    expect(newestWithin(turns, 189)).toEqual(turns.slice(1));
    expect(newestWithin(turns, 40)).toEqual(turns.slice(2));
  });

  it("leaves no gap: what stands before a turn that is too long stays out with it", () => {
    expect(newestWithin(["a", "b".repeat(500), "c"], 100)).toEqual(["c"]);
    expect(newestWithin(["a", "b".repeat(500)], 100)).toEqual([]);
  });
});
