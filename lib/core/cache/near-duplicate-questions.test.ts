import { describe, expect, it } from "vitest";
import { areNearDuplicates, markOf, wordMarks } from "./near-duplicate-questions.ts";

const near = (one: string, other: string): boolean => {
  const [marks, others] = [wordMarks(one), wordMarks(other)];
  expect(areNearDuplicates(others, marks)).toBe(areNearDuplicates(marks, others));
  return areNearDuplicates(marks, others);
};

describe("near duplicates", () => {
  it("share 65 % of the words that either has", () => {
    // 13 of 20, and 12 of 19 (.63).
    const words = (from: number, count: number): string =>
      Array.from(
        { length: count },
        (_, index) => `w${"abcdefghijklmnopqrstuvwxyz"[from + index]}`,
      ).join(" ");
    expect(near(words(0, 13), words(0, 20))).toBe(true);
    expect(near(words(0, 12), words(0, 19))).toBe(false);
    expect(near(words(0, 16), words(3, 17))).toBe(true);
    expect(near(words(0, 16), words(4, 16))).toBe(false);
  });

  it("are told by words and numbers, each counted once, in any order", () => {
    expect(near("what is the warranty of pump 300", "what is the warranty of pump 301")).toBe(true);
    expect(near("what is a pump", "what is a seal")).toBe(false);
    expect(near("pump pump pump", "pump")).toBe(true);
    expect(near("pump 300 of oslo", "oslo: 300, pump of")).toBe(true);
    expect(near("mk300", "mk 300")).toBe(true);
  });

  it("are none of two texts without words", () => {
    expect(near("?!", "?!")).toBe(false);
    expect(near("", "pump")).toBe(false);
  });
});

it("marks a text as FNV-1a does", () => {
  // The published test vectors of the function.
  expect(["", "a", "foobar"].map(markOf)).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
});
