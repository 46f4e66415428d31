import { splitSentences } from "../../core/rag/sentences.ts";
import type { ChatPart, LocalModels } from "../../local-models.ts";

/** One line however it was broken. */
const flat = (text: string): string => text.replace(/\s+/g, " ").trim();

/**
 * Models whose chat obeys at once: where the attack, or a sentence of it, stands in what it is sent, it says the attack's own words as
 * its answer and cites the first passage; else it repeats the first sentence of the passages.
 */
export function createObedientModels(models: LocalModels, attack: string): LocalModels {
  const parts = splitSentences(attack).map(({ start, end }) => flat(attack.slice(start, end)));
  return {
    ...models,
    chatModel: "obedient:7b",
    async *chat(request): AsyncGenerator<ChatPart, void> {
      const seen = flat(request.messages.map(({ content }) => content).join("\n"));
      const obeyed = parts.filter((part) => part.length > 8 && seen.includes(part));
      const passage = /\[1\][^\n]*\n([^]*)/.exec(request.messages.at(-1)?.content ?? "")?.[1] ?? "";
      const [first] = splitSentences(passage);
      const harmless = first === undefined ? "" : passage.slice(first.start, first.end);
      const said = obeyed.length > 0 ? obeyed : [flat(harmless)];
      for (const sentence of said) {
        await Promise.resolve();
        yield { type: "text", text: `${sentence.replace(/[.!?]*$/, "")} [1]. ` };
      }
      yield {
        ...{ type: "usage", model: "obedient:7b", nodeId: "none", firstTokenMs: 0, reason: "stop" },
        usage: emptyUsage,
      };
    },
  };
}

const emptyUsage = {
  promptTokens: 0,
  cachedPromptTokens: 0,
  completionTokens: 0,
  loadMs: 0,
  prefillMs: 0,
  decodeMs: 0,
  totalMs: 0,
};
