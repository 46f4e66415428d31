import { describe, expect, it } from "vitest";
import { createPrefillPace } from "./prefill-pace.ts";

const after = (tokensPerSecond: number): number => {
  const pace = createPrefillPace();
  for (let round = 0; round < 10; round++) {
    const tokens = pace.nextBatchTokens();
    pace.measured(tokens, (tokens / tokensPerSecond) * 1000);
  }
  return pace.nextBatchTokens();
};

describe("createPrefillPace", () => {
  it("takes full batches on a fast machine, and never as many as would round otherwise", () => {
    expect(after(5000)).toBe(60);
  });

  it("takes batches of about 0.4 seconds on a slow one", () => {
    expect(after(80)).toBeGreaterThanOrEqual(31);
    expect(after(80)).toBeLessThanOrEqual(33);
  });

  it("never goes below 16 tokens, and leaves rests of a prompt out of the measure", () => {
    expect(after(1)).toBe(16);
    const pace = createPrefillPace();
    const before = pace.nextBatchTokens();
    pace.measured(3, 1000);
    expect(pace.nextBatchTokens()).toBe(before);
  });
});
