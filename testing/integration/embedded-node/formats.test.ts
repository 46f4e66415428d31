import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chatBody, chatModel, post, postJson } from "./ollama-calls.ts";
import type { StreamLine } from "./ollama-calls.ts";
import { startEmbeddedNode } from "./start-embedded-node.ts";
import type { RunningNode } from "./start-embedded-node.ts";

const schema = {
  type: "object",
  properties: {
    age: { type: "integer", minimum: 0 },
    kind: { enum: ["cat", "dog"] },
    tags: { type: "array", items: { type: "boolean" }, minItems: 2, maxItems: 2 },
  },
  required: ["age", "kind", "tags"],
};

describe("answers of an embedded node in a given form", { timeout: 60_000 }, () => {
  let node: RunningNode;
  beforeAll(async () => {
    node = await startEmbeddedNode();
  });
  afterAll(() => node.stop());

  it("keep to a schema even at a high temperature, whatever is asked", async () => {
    const { message } = await postJson<StreamLine>(node.url, "/api/chat", {
      ...chatBody("Write a poem.", 200),
      options: { temperature: 1.5, seed: 3, num_predict: 200 },
      format: schema,
      stream: false,
    });
    const value = JSON.parse(message?.content ?? "") as {
      age: number;
      kind: string;
      tags: boolean[];
    };
    expect(Object.keys(value)).toEqual(["age", "kind", "tags"]);
    expect(Number.isInteger(value.age)).toBe(true);
    expect(["cat", "dog"]).toContain(value.kind);
    expect(value.tags).toHaveLength(2);
  });

  it("are JSON for format json, also in pieces and from a raw prompt", async () => {
    const response = await post(node.url, "/api/generate", {
      model: chatModel,
      prompt: "A person with name and age as JSON:",
      raw: true,
      format: "json",
      options: { temperature: 0, num_predict: 120 },
    });
    const lines = (await response.text()).trim().split("\n");
    const text = lines.map((line) => (JSON.parse(line) as StreamLine).response ?? "").join("");
    expect(lines.length).toBeGreaterThan(3);
    expect(typeof JSON.parse(text)).toBe("object");
  });

  it("are refused with log probabilities, which the engine cannot give then", async () => {
    const response = await post(node.url, "/api/chat", {
      ...chatBody("Hi", 5),
      format: "json",
      logprobs: true,
    });
    expect(response.status).toBe(400);
  });
});
