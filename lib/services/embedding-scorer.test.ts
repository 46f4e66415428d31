import { describe, expect, it } from "vitest";
import { AppError } from "../core/errors/app-error.ts";
import { milliseconds } from "../core/time/milliseconds.ts";
import type { LocalModels, ModelCall } from "../local-models.ts";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { createEmbeddingScorer } from "./embedding-scorer.ts";
import { createSentencePace } from "./sentence-pace.ts";

const space = { model: "fake", engine: "fake", digest: "", dimension: 2 };
const directions: Readonly<Record<string, readonly number[]>> = { up: [0, 1], right: [1, 0] };

function scorerOver(change: { readonly fails?: Error; readonly paced?: "fast" | "slow" } = {}) {
  const clock = createFakeClock();
  const calls: (readonly string[])[] = [];
  const models: Pick<LocalModels, "embed" | "embedModel"> = {
    embedModel: "all-minilm:latest",
    embed: (texts, call) => {
      calls.push(texts);
      if (change.fails !== undefined) return Promise.reject(change.fails);
      call.signal.throwIfAborted();
      return Promise.resolve({
        vectors: texts.map((text) => directions[text] ?? [0.6, 0.8]),
        space,
      });
    },
  };
  const pace = createSentencePace();
  for (let call = 0; call < 10; call += 1) if (change.paced === "slow") pace.took(5, 60);
  const scorer =
    change.paced === undefined
      ? createEmbeddingScorer({ models, clock })
      : createEmbeddingScorer({ models, clock, pace });
  return { scorer, calls };
}

const call = (signal = new AbortController().signal): ModelCall => ({
  class: "interactive",
  client: "someone",
  deadline: milliseconds(300_000),
  signal,
});
const asked = { text: "up", vector: null, withinMs: 90 };
const ten = Array.from({ length: 10 }, (_, place) => `sentence ${String(place)}`);

describe("createEmbeddingScorer", () => {
  it("gives each candidate its nearness, in order", async () => {
    const { scorer } = scorerOver();
    const scores = await scorer.score({ ...asked, candidates: ["up", "right", "else"] }, call());
    expect(scores).toEqual([1, 0, 0.8]);
  });

  it("embeds at most eight texts, in one call, the text itself only when its vector is not known", async () => {
    const { scorer, calls } = scorerOver();
    expect(await scorer.score({ ...asked, candidates: ten }, call())).toHaveLength(7);
    const known = { ...asked, vector: [0, 1], candidates: ten };
    expect(await scorer.score(known, call())).toHaveLength(8);
    expect(calls.map((texts) => texts.length)).toEqual([8, 8]);
    expect(calls[1]).not.toContain("up");
  });

  it("stresses a part of the text: its direction counts as much as the whole text's, whatever their lengths", async () => {
    const { scorer, calls } = scorerOver();
    const followUp = { ...asked, vector: [0, 5], stressed: "right", candidates: ["up", "right"] };
    const scores = await scorer.score(followUp, call());
    expect(scores?.map((score) => score.toFixed(3))).toEqual(["0.707", "0.707"]);
    expect(await scorer.score({ ...followUp, candidates: ten }, call())).toHaveLength(7);
    expect(await scorer.score({ ...followUp, vector: null, candidates: ten }, call())).toHaveLength(
      6,
    );
    expect(calls.map((texts) => texts.length)).toEqual([3, 8, 8]);
  });

  it("cuts what is longer than the embedder reads", async () => {
    const { scorer, calls } = scorerOver();
    const long = "pump valve seal ".repeat(200).trim();
    await scorer.score({ ...asked, candidates: [long] }, call());
    const sent = calls[0]?.[1] ?? "";
    expect(sent.length).toBeLessThan(long.length / 2);
    expect(long.startsWith(sent)).toBe(true);
  });

  it("scores the first candidates alone when the pace leaves time for no more, and none when it leaves too little", async () => {
    const slow = scorerOver({ paced: "slow" });
    const seconds = { ...asked, vector: [0, 1], candidates: ten, withinMs: 200 };
    const some = (await slow.scorer.score(seconds, call())) ?? [];
    expect(some.length).toBeGreaterThanOrEqual(3);
    expect(some.length).toBeLessThan(8);
    expect(await slow.scorer.score({ ...seconds, withinMs: 20 }, call())).toBeNull();
    expect(slow.calls).toHaveLength(1);
    const fast = scorerOver({ paced: "fast" });
    expect(await fast.scorer.score(seconds, call())).toHaveLength(8);
  });

  it("has no score, and no error, when no node can be had", async () => {
    const { scorer } = scorerOver({ fails: new AppError("no_node_available", {}) });
    expect(await scorer.score({ ...asked, candidates: ["up"] }, call())).toBeNull();
  });

  it("passes on that its caller left", async () => {
    const { scorer } = scorerOver();
    const left = AbortSignal.abort(new Error("left"));
    await expect(scorer.score({ ...asked, candidates: ["up"] }, call(left))).rejects.toThrow(
      "left",
    );
  });

  it("asks nobody when there is nothing to score", async () => {
    const { scorer, calls } = scorerOver();
    expect(await scorer.score({ ...asked, candidates: [] }, call())).toBeNull();
    expect(calls).toEqual([]);
  });
});
