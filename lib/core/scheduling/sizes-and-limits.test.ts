import { describe, expect, it } from "vitest";
import { milliseconds } from "../time/milliseconds.ts";
import { decideAdmission } from "./admission.ts";
import { bulkSlots, reservedSlots } from "./bulkheads.ts";
import { fullBucket, untilThere, withSpent } from "./token-bucket.ts";
import { createWorkSizes } from "./work-sizes.ts";

const at = milliseconds;

describe("work sizes", () => {
  const request = {
    model: "m",
    class: "interactive",
    estimatedPromptTokens: 100,
    maxOutputTokens: 512,
  } as const;

  it("follow what nodes counted, model by model, and never beyond the limit", () => {
    const sizes = createWorkSizes();
    expect(sizes.predict(request)).toEqual({ promptTokens: 100, outputTokens: 200 });
    expect(sizes.predict({ ...request, maxOutputTokens: 20 }).outputTokens).toBe(10);
    sizes.learn(request, { promptTokens: 150, outputTokens: 40 });
    expect(sizes.predict(request)).toEqual({ promptTokens: 150, outputTokens: 40 });
    expect(sizes.predict({ ...request, maxOutputTokens: 30 }).outputTokens).toBe(30);
    expect(sizes.predict({ ...request, model: "n" }).promptTokens).toBe(100);
  });

  it("prefer what is most alike, and take no count beyond belief", () => {
    const sizes = createWorkSizes();
    sizes.learn(request, { promptTokens: 100_000, outputTokens: 40 });
    sizes.learn(
      { ...request, estimatedPromptTokens: 4000 },
      { promptTokens: 0, outputTokens: 400 },
    );
    expect(sizes.predict(request)).toEqual({ promptTokens: 400, outputTokens: 40 });
    expect(sizes.predict({ ...request, estimatedPromptTokens: 4000 }).outputTokens).toBe(400);
  });
});

describe("token bucket", () => {
  it("allows half as many again in a burst, then the rate", () => {
    let bucket = fullBucket(10, at(0));
    for (let spent = 0; spent < 15; spent += 1) {
      expect(untilThere(bucket, 1, 10, at(0))).toBe(0);
      bucket = withSpent(bucket, 1, 10, at(0));
    }
    expect(untilThere(bucket, 1, 10, at(0))).toBe(6000);
    expect(untilThere(bucket, 1, 10, at(6000))).toBe(0);
    expect(withSpent(bucket, 0, 10, at(1e9)).level).toBe(15);
  });

  it("makes whoever overdrew pay back first", () => {
    const bucket = withSpent(fullBucket(60, at(0)), 150, 60, at(0));
    expect(untilThere(bucket, 1, 60, at(0))).toBe(61_000);
    expect(untilThere(bucket, 1000, 60, at(0))).toBe(150_000);
  });
});

describe("admission", () => {
  const view = {
    expectedMs: 90_000,
    longestWaitMs: 60_000,
    untilDeadlineMs: 300_000,
    waiting: 10,
    ownWaiting: 2,
  };

  it("lets in whom it can serve in time, and everyone while no node is there", () => {
    expect(decideAdmission({ ...view, expectedMs: 60_000 }).kind).toBe("accepted");
    expect(decideAdmission({ ...view, expectedMs: null }).kind).toBe("accepted");
  });

  it("refuses with the time to wait, and says whose doing it is", () => {
    const everyone = { kind: "refused", because: "everyone", retryAfterMs: 30_000 };
    expect(decideAdmission(view)).toEqual(everyone);
    expect(decideAdmission({ ...view, ownWaiting: 6 })).toMatchObject({ because: "client" });
    const late = decideAdmission({ ...view, expectedMs: 5000, untilDeadlineMs: 4900 });
    expect(late).toMatchObject({ kind: "refused", retryAfterMs: 1000 });
  });
});

describe("bulkheads", () => {
  it("keep a quarter for people, one of two, none of one", () => {
    expect([1, 2, 4, 5, 8, 16].map(reservedSlots)).toEqual([0, 1, 1, 2, 2, 4]);
    expect([1, 2, 3, 8].map(bulkSlots)).toEqual([1, 1, 1, 4]);
  });
});
