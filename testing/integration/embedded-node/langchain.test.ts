import { HumanMessage, SystemMessage } from "@langchain/core/messages";
import { ChatOllama, OllamaEmbeddings } from "@langchain/ollama";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { chatModel, embedModel } from "./ollama-calls.ts";
import { startEmbeddedNode } from "./start-embedded-node.ts";
import type { RunningNode } from "./start-embedded-node.ts";

describe(
  "LangChain for JavaScript, unchanged, against an embedded node",
  { timeout: 120_000 },
  () => {
    let node: RunningNode;
    let chat: ChatOllama;
    beforeAll(async () => {
      node = await startEmbeddedNode();
      chat = new ChatOllama({
        baseUrl: node.url,
        model: chatModel,
        temperature: 0,
        seed: 1,
        numPredict: 12,
        checkOrPullModel: true,
      });
    });
    afterAll(() => node.stop());

    const question = [new SystemMessage("Be brief."), new HumanMessage("Name a colour.")];

    it("answers with its counts", async () => {
      const answer = await chat.invoke(question);
      expect(answer.text).not.toBe("");
      expect(answer.usage_metadata).toMatchObject({ output_tokens: expect.any(Number) as number });
    });

    it("streams the same text", async () => {
      let text = "";
      for await (const part of await chat.stream(question)) text += part.text;
      expect(text).toBe((await chat.invoke(question)).text);
    });

    it("gives an object of a schema", async () => {
      const schema = z.object({ colour: z.enum(["red", "green", "blue"]) });
      const structured = new ChatOllama({
        baseUrl: node.url,
        model: chatModel,
        temperature: 0,
        numPredict: 40,
      }).withStructuredOutput(schema, { method: "jsonSchema" });
      const value = await structured.invoke("What colour is the sky?");
      expect(schema.parse(value)).toEqual(value);
    });

    it("embeds documents and a question in one space", async () => {
      const embeddings = new OllamaEmbeddings({ baseUrl: node.url, model: embedModel });
      const [cat, revenue] = await embeddings.embedDocuments(["a cat purrs", "revenue grew"]);
      const asked = await embeddings.embedQuery("the cat is purring");
      const dot = (other: readonly number[] = []): number =>
        asked.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
      expect(dot(cat)).toBeGreaterThan(dot(revenue) + 0.3);
    });

    it("reports an unknown model", async () => {
      const unknown = new ChatOllama({ baseUrl: node.url, model: "nix" });
      await expect(unknown.invoke(question)).rejects.toThrow("model 'nix' not found");
    });
  },
);
