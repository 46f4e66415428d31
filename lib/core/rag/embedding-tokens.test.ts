import { describe, expect, it } from "vitest";
import { embeddingTokens } from "./embedding-tokens.ts";

describe("embeddingTokens", () => {
  // Counted with the vocabulary of all-MiniLM-L6-v2, without [CLS] and [SEP].
  const counted: readonly (readonly [string, number])[] = [
    ["The pilot was seeding an area located adjacent to mountainous terrain.", 13],
    ["By FY 2026, NARA will digitize 500 million pages of records.", 16],
    ["const total = items.reduce((sum, item) => sum + item.price, 0);", 24],
    ["sha512-n4KqkOQrraxHJcgjM1RvwbigfQKIKJVpM7xp", 27],
    ["日本語の文章", 6],
    ["Reykjavík", 1],
  ];

  it.each(counted)("is not below the real count of %j by more than a tenth", (text, real) => {
    expect(embeddingTokens(text)).toBeGreaterThanOrEqual(real * 0.9);
  });

  it("stays within half as much again on prose", () => {
    const [prose, real] = counted[0] ?? ["", 0];
    expect(embeddingTokens(prose)).toBeLessThanOrEqual(real * 1.5);
  });

  it("adds up over white space", () => {
    expect(embeddingTokens("one two\nthree")).toBeCloseTo(
      embeddingTokens("one") + embeddingTokens("two") + embeddingTokens("three"),
    );
    expect(embeddingTokens("  \n ")).toBe(0);
  });

  it("counts characters outside the basic plane and marks once each", () => {
    expect(embeddingTokens("👍👍")).toBe(2);
    expect(embeddingTokens("—!?")).toBe(3);
    expect(embeddingTokens("𝒳")).toBeGreaterThanOrEqual(1);
  });

  it("counts years as one word and other numbers by their digits", () => {
    expect(embeddingTokens("1999")).toBeLessThan(embeddingTokens("4711"));
    expect(embeddingTokens("20071229001")).toBeGreaterThan(5);
    expect(embeddingTokens("12")).toBe(1);
    expect(embeddingTokens("x86")).toBeGreaterThan(1);
    expect(embeddingTokens("NTSB")).toBeGreaterThan(1);
  });
});
