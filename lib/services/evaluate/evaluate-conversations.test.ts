import { describe, expect, it } from "vitest";
import { createEvaluationFolder } from "../../adapters/files/evaluation-folder.ts";
import type { EvaluationData } from "../../ports/evaluation-data.ts";
import { createEvaluateConversations } from "./evaluate-conversations.ts";

const fixtures = createEvaluationFolder("testing/fixtures/conversations");

const only = (isWanted: (turn: { readonly id: string }) => boolean): EvaluationData => ({
  ...fixtures,
  async *lines(name) {
    for await (const line of fixtures.lines(name))
      if (isWanted(JSON.parse(line) as { id: string })) yield line;
  },
});

const evaluate = (data: EvaluationData) =>
  createEvaluateConversations()({
    data,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });

describe("evaluate conversations", () => {
  it("brings back at least half of the words that people's rewrites add, on conversations it was not fitted on", async () => {
    const { metrics, counts } = await evaluate(only(({ id }) => /^(?:136|137|140)/.test(id)));
    expect(counts).toMatchObject({ turns: 23 });
    expect(metrics["words.brought-back"]).toBeGreaterThanOrEqual(0.5);
    expect(metrics["standalone.changed"]).toBe(0);
  });

  it("tells what earlier questions hold of these words, and what answers add", async () => {
    const { metrics } = await evaluate(fixtures);
    expect(metrics["words.in-questions"]).toBeLessThan(0.45);
    expect(metrics["words.in-answers-too"]).toBeGreaterThan(0.85);
    expect(metrics["words.of-these"]).toBeLessThanOrEqual(1);
  });

  it("says what is missing in a folder of another kind", async () => {
    await expect(
      evaluate({ ...fixtures, has: () => Promise.resolve(false) }),
    ).rejects.toMatchObject({
      code: "not_found",
    });
  });
});
