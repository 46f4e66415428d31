import { assumedRates } from "#lib/core/balancing/rates.ts";
import type { ChatPart, ChatRequest, LocalModels } from "#lib/local-models.ts";
import { fakeEmbedding } from "./fake-ollama/behaviour.ts";

export interface ScriptedModels extends LocalModels {
  /** What the model was asked, in order. */
  readonly asked: readonly ChatRequest[];
  /** How many texts each embedding call had. */
  readonly embedded: readonly number[];
}

/** `"reset"` stands for the event of that name. */
type Script = readonly (string | Error)[];

/** Models whose chat says exactly these pieces; an error in the script is thrown in its place. */
export function createScriptedModels(
  chatModel: string,
  script: Script,
  embedError?: Error,
): ScriptedModels {
  const asked: ChatRequest[] = [];
  const embedded: number[] = [];
  return {
    chatModel,
    embedModel: "fake",
    asked,
    embedded,
    chatRates: () => assumedRates,
    fingerprint: () => ({ chat: chatModel, embedder: "fake" }),
    embeddingEngine: () => null,
    embed(inputs) {
      embedded.push(inputs.length);
      if (embedError !== undefined) return Promise.reject(embedError);
      const space = { model: "fake", engine: "fake", digest: "", dimension: 64 };
      return Promise.resolve({ vectors: inputs.map(fakeEmbedding), space });
    },
    async *chat(request) {
      asked.push(request);
      for (const piece of script) {
        await Promise.resolve();
        if (typeof piece !== "string") throw piece;
        yield piece === "reset" ? { type: "reset", attempt: 2 } : { type: "text", text: piece };
      }
      yield usageOf(chatModel);
    },
  };
}

const usageOf = (model: string): ChatPart => ({
  type: "usage",
  model,
  nodeId: "node-1",
  firstTokenMs: 12,
  reason: "stop",
  usage: {
    promptTokens: 40,
    cachedPromptTokens: 4,
    completionTokens: 9,
    loadMs: 0,
    prefillMs: 100,
    decodeMs: 100,
    totalMs: 200,
  },
});
