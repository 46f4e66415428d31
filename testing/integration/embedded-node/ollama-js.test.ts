import { Ollama } from "ollama";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chatModel, embedModel } from "./ollama-calls.ts";
import { startEmbeddedNode } from "./start-embedded-node.ts";
import type { RunningNode } from "./start-embedded-node.ts";

const options = { temperature: 0, seed: 1, num_predict: 12 };

describe(
  "the npm package ollama, unchanged, against an embedded node",
  { timeout: 120_000 },
  () => {
    let node: RunningNode;
    let client: Ollama;
    beforeAll(async () => {
      node = await startEmbeddedNode();
      client = new Ollama({ host: node.url });
    });
    afterAll(() => node.stop());

    it("streams a chat to its end mark", async () => {
      const messages = [{ role: "user", content: "Name a colour." }];
      let text = "";
      let reason = "";
      for await (const part of await client.chat({
        model: chatModel,
        messages,
        stream: true,
        options,
      })) {
        text += part.message.content;
        if (part.done) reason = part.done_reason;
      }
      expect(text).not.toBe("");
      expect(["stop", "length"]).toContain(reason);
    });

    it("generates, embeds, lists, shows and tells what runs", async () => {
      const answer = await client.generate({ model: chatModel, prompt: "Hi", options });
      const { embeddings } = await client.embed({ model: embedModel, input: ["one", "two"] });
      const { models } = await client.list();
      const shown = await client.show({ model: chatModel });
      const running = await client.ps();
      expect(answer.eval_count).toBeGreaterThan(0);
      expect(embeddings.map((vector) => vector.length)).toEqual([384, 384]);
      expect(models.map(({ name }) => name).toSorted()).toEqual(["all-minilm:latest", chatModel]);
      expect(shown.template).toContain("<|im_start|>");
      expect(running.models.map(({ name }) => name)).toContain(chatModel);
    });

    it("stops a stream by abort", async () => {
      const stream = await client.chat({
        model: chatModel,
        messages: [{ role: "user", content: "Tell me a long story." }],
        stream: true,
        options: { ...options, num_predict: 1000 },
      });
      let parts = 0;
      const read = async (): Promise<void> => {
        for await (const part of stream) {
          parts++;
          if (parts === 3) stream.abort();
          expect(part.done).toBe(false);
        }
      };
      await expect(read()).rejects.toMatchObject({ name: "AbortError" });
      expect(parts).toBeLessThan(50);
    });

    it("gives its own error type for an unknown model", async () => {
      const asking = client.chat({ model: "nix", messages: [{ role: "user", content: "x" }] });
      await expect(asking).rejects.toMatchObject({
        name: "ResponseError",
        status_code: 404,
        error: "model 'nix' not found",
      });
    });
  },
);
