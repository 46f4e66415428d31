import { AppError } from "#lib/core/errors/app-error.ts";
import { createPrefixCache } from "#testing/bench/paced-nodes/prefix-cache.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { ChatMessage, InstalledModel, ModelNode, NodeChunk } from "#lib/ports/model-node.ts";

/**
 * sound · frozen: silent to everybody · frozen-model: answers for its version only · refusing: no process · failing: cuts every answer ·
 * slow: a tenth of its speed
 */
export type NodeMood = "sound" | "frozen" | "frozen-model" | "refusing" | "failing" | "slow";

/** An Ollama server on a clock that the test moves: no sockets, no real time. */
export interface VirtualNode extends ModelNode {
  /** What was begun before goes on as it was, but for `refusing`, which cuts it, and for what freezes. */
  become(mood: NodeMood): void;
  /** The process starts again: nothing is in memory, and it is sound. */
  restart(): void;
  /** Tokens of prompts that it remembered. */
  foundTokens(): number;
  /** Answers that it worked on at once, at most. */
  mostAtOnce(): number;
}

export interface VirtualPace {
  readonly prefillPerSecond: number;
  readonly decodePerSecond: number;
  readonly loadMs: number;
  /** Prompts that it remembers. */
  readonly cachedPrompts: number;
}

export const usualPace: VirtualPace = {
  prefillPerSecond: 1000,
  decodePerSecond: 50,
  loadMs: 500,
  cachedPrompts: 1,
};

export function createVirtualNode(
  id: string,
  clock: Clock,
  models: readonly InstalledModel[],
  pace = usualPace,
): VirtualNode {
  const { prefillPerSecond, loadMs } = pace;
  const decodeMs = 1000 / pace.decodePerSecond;
  const prompts = createPrefixCache(pace.cachedPrompts);
  let [found, atOnce, most] = [0, 0, 0];
  let mood: NodeMood = "sound";
  let loaded = new Set<string>();
  let life = new AbortController();
  const failed = (reason: string): AppError => new AppError("node_failed", { nodeId: id, reason });

  /** Passes when the node has worked for so long; while it is frozen it does not work. */
  const work = async (ms: number, signal: AbortSignal): Promise<void> => {
    if (mood === "refusing") throw failed("refused");
    const ending = AbortSignal.any([signal, life.signal]);
    await clock.sleep(mood === "slow" ? 10 * ms : ms, ending);
    while (mood === "frozen" || mood === "frozen-model") await clock.sleep(100, ending);
    if (mood === "failing") throw failed("cut");
  };
  const tell = async <T>(facts: () => T, signal: AbortSignal): Promise<T> => {
    if (mood === "refusing") throw failed("refused");
    const ending = AbortSignal.any([signal, life.signal]);
    while (mood === "frozen") await clock.sleep(100, ending);
    return facts();
  };
  const unscripted = (): never => {
    throw new Error(`node ${id}: this call was not expected`);
  };

  return {
    id,
    foundTokens: () => found,
    mostAtOnce: () => most,
    become(next) {
      mood = next;
      if (next !== "refusing") return;
      life.abort(failed("cut"));
      loaded = new Set();
      life = new AbortController();
    },
    restart() {
      loaded = new Set();
      mood = "sound";
    },
    async *chat({ model, messages, options }, signal): AsyncGenerator<NodeChunk, void> {
      const tokens = tokensOf(messages);
      const cached = Math.max(prompts.shared(tokens), 0);
      const prefillMs = ((tokens.length - cached) / prefillPerSecond) * 1000;
      atOnce += 1;
      most = Math.max(most, atOnce);
      try {
        found += cached;
        await work(prefillMs, signal);
        loaded.add(model);
        prompts.remember(tokens);
        for (let sent = 0; sent < options.maxTokens; sent += 1) {
          yield { type: "text", text: " w" };
          await work(decodeMs, signal);
        }
      } finally {
        atOnce -= 1;
      }
      const decodedMs = options.maxTokens * decodeMs;
      yield {
        ...{ type: "done", reason: "length" },
        usage: {
          ...{ promptTokens: tokens.length, cachedPromptTokens: cached },
          ...{ completionTokens: options.maxTokens, prefillMs, decodeMs: decodedMs },
          ...{ loadMs: 0, totalMs: prefillMs + decodedMs },
        },
      };
    },
    continueText: unscripted,
    renderPrompt: unscripted,
    async embed({ inputs }, signal) {
      await work(10, signal);
      return { vectors: inputs.map(() => [1]), promptTokens: inputs.length };
    },
    version: (signal) => tell(() => "1.0.0", signal),
    installedModels: (signal) => tell(() => models, signal),
    async loadedModels(signal) {
      while (mood === "frozen-model") await clock.sleep(100, signal);
      const expiresAt = new Date(0);
      return tell(() => [...loaded].map((name) => ({ name, digest: "d", expiresAt })), signal);
    },
    async load(model, _kind, signal) {
      await work(loadMs, signal);
      loaded.add(model);
    },
    async unload(model, _kind, signal) {
      await work(1, signal);
      loaded.delete(model);
    },
    pull: unscripted,
    removeModel: unscripted,
  };
}

const tokensOf = (messages: readonly ChatMessage[]): readonly string[] =>
  messages.flatMap(({ content }) => content.split(/\s+/u)).filter((word) => word !== "");
