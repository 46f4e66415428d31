import { describe, expect, it } from "vitest";
import { attemptLimits, judgeSilence, type Silence } from "./attempt-limits.ts";

const quick = { prefillPerSecond: 1000, decodePerSecond: 50 };

describe("attemptLimits", () => {
  it("gives a first token 10 s or four times what is predicted, the slower of measured and assumed, doubled each attempt", () => {
    const first = (promptTokens: number, rates = quick, attempt = 1): number =>
      attemptLimits("chat", promptTokens, rates, attempt).firstTokenMs;
    expect(first(100)).toBe(10_000);
    // 1,000 tokens at the assumed 200 a second, though the node was measured at 1,000.
    expect(first(1000)).toBe(20_000);
    expect(first(1000, { ...quick, prefillPerSecond: 100 })).toBe(40_000);
    expect([1, 2, 3].map((attempt) => first(100, quick, attempt))).toEqual([
      10_000, 20_000, 40_000,
    ]);
  });

  it("gives the next token 10 s and the longest prefill that may run beside it", () => {
    expect(attemptLimits("chat", 100, quick, 1).interTokenMs).toBe(20_240);
    expect(attemptLimits("chat", 100, quick, 3).interTokenMs).toBe(20_240);
    const patience = { firstTokenMs: 2000, interTokenMs: 3000 };
    expect(attemptLimits("chat", 100, quick, 1, patience)).toMatchObject({
      firstTokenMs: 2000,
      interTokenMs: 13_240,
    });
  });

  it("has the node asked half a second past twice the predicted time, and 1.5 s into a gap", () => {
    expect(attemptLimits("chat", 1000, quick, 1)).toMatchObject({
      suspectFirstMs: 2500,
      suspectNextMs: 1500,
    });
  });

  it("gives an embedding call 30 s, whatever its size and attempt", () => {
    expect(attemptLimits("embedding", 50_000, quick, 2)).toEqual({
      suspectFirstMs: 100_500,
      firstTokenMs: 30_000,
      suspectNextMs: 30_000,
      interTokenMs: 30_000,
    });
  });
});

describe("judgeSilence", () => {
  const limits = attemptLimits("chat", 1000, quick, 1);
  const silence: Silence = {
    silentMs: 5000,
    isFirst: true,
    limits,
    version: "answers",
    isResident: true,
    isLoading: false,
    hasOther: true,
  };
  const over = { silentMs: limits.firstTokenMs };
  const alone = { hasOther: false };

  it.each<[string, Partial<Silence>, ReturnType<typeof judgeSilence>]>([
    ["a node that answers and has time left", {}, "wait"],
    ["one whose time is over", over, "silent"],
    ["a text that stands still for its own limit", { isFirst: false, silentMs: 20_240 }, "silent"],
    ["a text within it", { isFirst: false, silentMs: 20_239 }, "wait"],
    ["a node that refuses", { version: "refused" }, "refused"],
    ["one that refuses, and there is no other", { version: "refused", ...alone }, "refused"],
    ["one that is silent", { version: "silent" }, "frozen"],
    ["one that is silent, and there is no other", { version: "silent", ...alone }, "wait"],
    ["the same when its time is over", { version: "silent", ...alone, ...over }, "frozen"],
    ["one whose model process is silent", { isResident: null }, "frozen-model"],
    ["the same, and there is no other", { isResident: null, ...alone }, "wait"],
    ["the same when its time is over", { isResident: null, ...alone, ...over }, "frozen-model"],
    ["a list that is silent during a load", { isResident: null, isLoading: true }, "wait"],
    ["a model that is not in memory yet", { isResident: false, ...over }, "wait"],
    ["a load that Drover began", { isLoading: true, isFirst: false, silentMs: 60_000 }, "wait"],
    ["a load of five minutes and a half", { isResident: false, silentMs: 330_000 }, "silent"],
    ["a load a moment before", { isResident: false, silentMs: 329_999 }, "wait"],
    [
      "a text whose model left memory",
      { isResident: false, isFirst: false, silentMs: 20_240 },
      "silent",
    ],
    [
      "a load of a prompt that may take longer still",
      {
        isResident: false,
        silentMs: 330_000,
        limits: attemptLimits("chat", 20_000, quick, 1),
      },
      "wait",
    ],
  ])("%s: %o gives %s", (_what, change, verdict) => {
    expect(judgeSilence({ ...silence, ...change })).toBe(verdict);
  });
});
