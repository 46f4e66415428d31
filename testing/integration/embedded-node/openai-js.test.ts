import OpenAI, { BadRequestError, NotFoundError } from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chatModel, embedModel } from "./ollama-calls.ts";
import { startEmbeddedNode } from "./start-embedded-node.ts";
import type { RunningNode } from "./start-embedded-node.ts";

const messages = [{ role: "user" as const, content: "Name a colour." }];
const limits = { temperature: 0, seed: 1, max_tokens: 8 } as const;

describe(
  "the npm package openai, unchanged, against an embedded node",
  { timeout: 120_000 },
  () => {
    let node: RunningNode;
    let client: OpenAI;
    beforeAll(async () => {
      node = await startEmbeddedNode();
      client = new OpenAI({ baseURL: `${node.url}/v1`, apiKey: "none", maxRetries: 0 });
    });
    afterAll(() => node.stop());

    it("answers a chat with its counts", async () => {
      const answer = await client.chat.completions.create({
        model: chatModel,
        messages,
        ...limits,
      });
      expect(answer.choices[0]?.message.content).not.toBe("");
      expect(answer.usage?.completion_tokens).toBeLessThanOrEqual(8);
      expect(answer.usage?.total_tokens).toBe(
        (answer.usage?.prompt_tokens ?? 0) + (answer.usage?.completion_tokens ?? 0),
      );
    });

    it("streams the same text, then the counts when they are asked for", async () => {
      const whole = await client.chat.completions.create({ model: chatModel, messages, ...limits });
      const stream = await client.chat.completions.create({
        model: chatModel,
        messages,
        ...limits,
        stream: true,
        stream_options: { include_usage: true },
      });
      let text = "";
      let total = 0;
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? "";
        total = chunk.usage?.total_tokens ?? total;
      }
      expect(text).toBe(whole.choices[0]?.message.content);
      expect(total).toBe(whole.usage?.total_tokens);
    });

    it("keeps to a schema", async () => {
      const answer = await client.chat.completions.create({
        model: chatModel,
        messages: [{ role: "user", content: "Is the sky blue?" }],
        ...limits,
        max_completion_tokens: 40,
        response_format: {
          type: "json_schema",
          json_schema: {
            name: "verdict",
            schema: {
              type: "object",
              properties: { verdict: { type: "boolean" } },
              required: ["verdict"],
              additionalProperties: false,
            },
          },
        },
      });
      const value = JSON.parse(answer.choices[0]?.message.content ?? "") as { verdict: unknown };
      expect(typeof value.verdict).toBe("boolean");
    });

    it("completes a prompt and lists the models", async () => {
      const done = await client.completions.create({
        model: chatModel,
        prompt: "1, 2, 3,",
        ...limits,
      });
      expect(done.choices[0]?.text).not.toBe("");
      const listed = await client.models.list();
      expect(listed.data.map(({ id }) => id)).toContain(chatModel);
      expect((await client.models.retrieve(chatModel)).owned_by).toBe("library");
    });

    it("embeds, by default in the packed form that the client unpacks", async () => {
      const packed = await client.embeddings.create({
        model: embedModel,
        input: ["a cat", "a dog"],
      });
      const plain = await client.embeddings.create({
        model: embedModel,
        input: "a cat",
        encoding_format: "float",
      });
      expect(packed.data.map(({ embedding }) => embedding.length)).toEqual([384, 384]);
      for (const [at, value] of (plain.data[0]?.embedding ?? []).entries())
        expect(packed.data[0]?.embedding[at]).toBeCloseTo(value, 6);
    });

    it("raises the client's own errors, also before a stream begins", async () => {
      const unknown = client.chat.completions.create({ model: "nix", messages, stream: true });
      await expect(unknown).rejects.toBeInstanceOf(NotFoundError);
      const several = client.chat.completions.create({ model: chatModel, messages, n: 2 });
      await expect(several).rejects.toBeInstanceOf(BadRequestError);
    });

    it("frees the slot when the client leaves a stream", async () => {
      const stream = await client.chat.completions.create({
        model: chatModel,
        messages: [{ role: "user", content: "Tell me a long story." }],
        stream: true,
        max_completion_tokens: 2000,
      });
      for await (const chunk of stream) {
        expect(chunk.choices).toHaveLength(1);
        break;
      }
      stream.controller.abort();
      const next = await client.chat.completions.create({ model: chatModel, messages, ...limits });
      expect(next.choices).toHaveLength(1);
    });
  },
);
