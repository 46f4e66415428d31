import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { embedModel, postJson } from "./ollama-calls.ts";
import { startEmbeddedNode } from "./start-embedded-node.ts";
import type { RunningNode } from "./start-embedded-node.ts";
import { readTranscript } from "./transcript.ts";

interface EmbedAnswer {
  readonly embeddings: readonly (readonly number[])[];
}

const cosine = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

describe("embedded node, embeddings from the converted weights", { timeout: 120_000 }, () => {
  let node: RunningNode;
  const embed = async (...input: string[]): Promise<readonly (readonly number[])[]> =>
    (await postJson<EmbedAnswer>(node.url, "/api/embed", { model: embedModel, input })).embeddings;
  beforeAll(async () => {
    node = await startEmbeddedNode();
  });
  afterAll(() => node.stop());

  it("gives the vector that a real Ollama gave for the same text", async () => {
    const call = readTranscript("10-embed-one");
    const recorded = JSON.parse(call.response.body) as EmbedAnswer;
    const [ours] = await embed("The quick brown fox.");
    expect(cosine(ours!, recorded.embeddings[0]!)).toBeGreaterThan(0.999);
  });

  it.each([
    ["A man is eating food.", "A man eats a meal.", "The girl carries a baby."],
    [
      "How do I reset my password?",
      "I forgot my login and need a new one.",
      "The match ended in a draw.",
    ],
    [
      "The invoice is due in thirty days.",
      "Payment must be made within a month.",
      "Cats sleep most of the day.",
    ],
    ["The server ran out of memory.", "The machine had no RAM left.", "She bought a red bicycle."],
    [
      "Berlin is the capital of Germany.",
      "Germany's capital city is Berlin.",
      "Bread is baked from flour.",
    ],
  ])("puts what means the same nearer: %s", async (sentence, same, other) => {
    const [a, b, c] = await embed(sentence, same, other);
    expect(cosine(a!, b!)).toBeGreaterThan(0.4);
    expect(cosine(a!, b!)).toBeGreaterThan(cosine(a!, c!) + 0.25);
  });

  it("gives unit vectors, equal alone and in a batch, in the order asked", async () => {
    const texts = ["first", "second text", "a third, somewhat longer text"];
    const batch = await embed(...texts);
    for (const [index, text] of texts.entries()) {
      const [alone] = await embed(text);
      expect(alone).toEqual(batch[index]);
      expect(Math.hypot(...batch[index]!)).toBeCloseTo(1, 5);
    }
  });

  it("cuts to the asked dimensions and scales to length 1 again", async () => {
    const body = { model: embedModel, input: "hello", dimensions: 64 };
    const { embeddings } = await postJson<EmbedAnswer>(node.url, "/api/embed", body);
    expect(embeddings[0]).toHaveLength(64);
    expect(Math.hypot(...embeddings[0]!)).toBeCloseTo(1, 5);
  });
});
