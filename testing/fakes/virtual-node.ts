import { AppError } from "#lib/core/errors/app-error.ts";
import { createPrefixCache } from "#testing/bench/paced-nodes/prefix-cache.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type {
  ChatMessage,
  InstalledModel,
  ModelNode,
  NodeChatRequest,
  NodeChunk,
} from "#lib/ports/model-node.ts";

/**
 * sound · frozen: silent to everybody · frozen-model: answers for its version only · refusing: no process · failing: cuts every answer ·
 * slow: a tenth of its speed
 */
export type NodeMood = "sound" | "frozen" | "frozen-model" | "refusing" | "failing" | "slow";

/** An Ollama server on a clock that the test moves: no sockets, no real time. */
export interface VirtualNode extends ModelNode {
  /** What was begun before goes on as it was, but for `refusing`, which cuts it, and for what freezes. */
  readonly become: (mood: NodeMood) => void;
  /** The process starts again: nothing is in memory, and it is sound. */
  readonly restart: () => void;
  /** Tokens of prompts that it remembered. */
  readonly foundTokens: () => number;
  /** Answers that it worked on at once, at most. */
  readonly mostAtOnce: () => number;
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
  const process = createServerProcess(id, clock);
  const answers = createAnswers(process, pace);
  const unscripted = (): never => {
    throw new Error(`node ${id}: this call was not expected`);
  };
  return {
    id,
    become: process.become,
    restart: process.restart,
    foundTokens: () => answers.foundTokens(),
    mostAtOnce: () => answers.mostAtOnce(),
    chat: (request, signal) => answers.chat(request, signal),
    continueText: unscripted,
    renderPrompt: unscripted,
    rerank: unscripted,
    async embed({ inputs }, signal) {
      await process.work(embedMs, signal);
      return { vectors: inputs.map(() => [1]), promptTokens: inputs.length };
    },
    version: (signal) => process.tell(["frozen"], () => "1.0.0", signal),
    installedModels: (signal) => process.tell(["frozen"], () => models, signal),
    loadedModels: (signal) =>
      process.tell(
        ["frozen", "frozen-model"],
        () => [...process.loaded].map((name) => ({ name, digest: "d", expiresAt: new Date(0) })),
        signal,
      ),
    async load(model, _kind, signal) {
      await process.work(pace.loadMs, signal);
      process.loaded.add(model);
    },
    async unload(model, _kind, signal) {
      await process.work(1, signal);
      process.loaded.delete(model);
    },
    pull: unscripted,
    removeModel: unscripted,
  };
}

const embedMs = 10;
const thawEveryMs = 100;

type ServerProcess = ReturnType<typeof createServerProcess>;

/** What of a server can die, freeze and fail. */
function createServerProcess(id: string, clock: Clock) {
  let mood: NodeMood = "sound";
  let life = new AbortController();
  const loaded = new Set<string>();
  const failed = (reason: string): AppError => new AppError("node_failed", { nodeId: id, reason });
  const untilNot = async (moods: readonly NodeMood[], signal: AbortSignal): Promise<void> => {
    while (moods.includes(mood)) await clock.sleep(thawEveryMs, signal);
  };
  return {
    loaded,
    become: (next: NodeMood): void => {
      mood = next;
      if (next !== "refusing") return;
      life.abort(failed("cut"));
      loaded.clear();
      life = new AbortController();
    },
    restart: (): void => {
      loaded.clear();
      mood = "sound";
    },
    /** Passes when it has worked for so long; while it is frozen it does not work. */
    work: async (ms: number, signal: AbortSignal): Promise<void> => {
      if (mood === "refusing") throw failed("refused");
      const ending = AbortSignal.any([signal, life.signal]);
      await clock.sleep(mood === "slow" ? 10 * ms : ms, ending);
      await untilNot(["frozen", "frozen-model"], ending);
      if (mood === "failing") throw failed("cut");
    },
    tell: async <T>(
      silent: readonly NodeMood[],
      facts: () => T,
      signal: AbortSignal,
    ): Promise<T> => {
      if (mood === "refusing") throw failed("refused");
      const ending = AbortSignal.any([signal, life.signal]);
      await clock.sleep(1, ending);
      await untilNot(silent, ending);
      return facts();
    },
  };
}

/** Prefill of what is not remembered, then a word at a time. */
function createAnswers({ work, loaded }: ServerProcess, pace: VirtualPace) {
  const decodeMs = 1000 / pace.decodePerSecond;
  const prompts = createPrefixCache(pace.cachedPrompts);
  let [found, atOnce, most] = [0, 0, 0];

  async function* written(
    { model, messages, options }: NodeChatRequest,
    signal: AbortSignal,
  ): AsyncGenerator<NodeChunk, void> {
    const tokens = tokensOf(messages);
    const cached = Math.max(prompts.shared(tokens), 0);
    const prefillMs = ((tokens.length - cached) / pace.prefillPerSecond) * 1000;
    found += cached;
    await work(prefillMs, signal);
    loaded.add(model);
    prompts.remember(tokens);
    for (let sent = 0; sent < options.maxTokens; sent += 1) {
      yield { type: "text", text: " w" };
      await work(decodeMs, signal);
    }
    const decodedMs = options.maxTokens * decodeMs;
    const counts = { promptTokens: tokens.length, cachedPromptTokens: cached };
    const times = { loadMs: 0, prefillMs, decodeMs: decodedMs, totalMs: prefillMs + decodedMs };
    const usage = { ...counts, ...times, completionTokens: options.maxTokens };
    yield { type: "done", reason: "length", usage };
  }

  return {
    foundTokens: (): number => found,
    mostAtOnce: (): number => most,
    async *chat(request: NodeChatRequest, signal: AbortSignal): AsyncGenerator<NodeChunk, void> {
      atOnce += 1;
      most = Math.max(most, atOnce);
      try {
        yield* written(request, signal);
      } finally {
        atOnce -= 1;
      }
    },
  };
}

const tokensOf = (messages: readonly ChatMessage[]): readonly string[] =>
  messages.flatMap(({ content }) => content.split(/\s+/u)).filter((word) => word !== "");
