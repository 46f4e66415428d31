import { createOllamaNode } from "#lib/adapters/ollama/ollama-node.ts";
import { createSystemClock } from "#lib/adapters/system/clock.ts";
import { composeEngine } from "#lib/composition/engine.ts";
import { createLocalModels } from "#lib/local-models.ts";
import { milliseconds } from "#lib/core/time/milliseconds.ts";
import { createMemoryContinuations } from "#testing/fakes/memory-continuations.ts";
import type { Contestant, Field } from "./contestant.ts";
import type { Outcome } from "./outcome.ts";

const patienceMs = 60_000;
const readyPatienceMs = 30_000;

/** The product's own engine, asked as its services ask it. */
export async function openDrover({ nodes, slots, models }: Field): Promise<Contestant> {
  const clock = createSystemClock();
  const [chatModel = ""] = models;
  const own = nodes.map((baseUrl, at) => ({
    node: createOllamaNode({ id: `n${String(at)}`, baseUrl, slots }),
    slots,
    weight: 1,
  }));
  const engine = composeEngine({
    ...{ clock, chatModel, nodes: own, embedModel: "all-minilm" },
    continuations: createMemoryContinuations((version) => version.endsWith("-paced") || null),
  });
  const now = (): number => clock.now();
  const modelsBy = new Map(
    models.map((name) => [
      name,
      createLocalModels({ ...engine, now, chatModel: name, embedModel: "all-minilm" }),
    ]),
  );
  const ending = new AbortController();
  const running = engine.run(ending.signal);
  const giveUpAt = clock.now() + readyPatienceMs;
  const isReady = (): boolean =>
    engine.registry.entries().every((entry) => entry.installed !== null && entry.loaded !== null);
  while (!isReady() && clock.now() < giveUpAt) await clock.sleep(20);
  return {
    async ask(asked, dueAt): Promise<Outcome> {
      let firstTokenMs: number | undefined;
      let complete = false;
      const messages = [{ role: "user", content: asked.prompt }] as const;
      const options = { maxTokens: asked.answerTokens };
      const call = {
        class: "interactive" as const,
        client: asked.client,
        deadline: milliseconds(clock.now() + patienceMs),
        signal: ending.signal,
      };
      try {
        const answer = modelsBy.get(asked.model)?.chat({ messages, options }, call) ?? [];
        for await (const part of answer) {
          if (part.type === "text") firstTokenMs ??= performance.now() - dueAt;
          if (part.type === "usage") complete = true;
        }
      } catch {
        complete = false;
      }
      const end = complete ? "complete" : firstTokenMs === undefined ? "lost" : "cut";
      return { firstTokenMs, end, totalMs: performance.now() - dueAt };
    },
    async close() {
      ending.abort(new Error("measured"));
      await running;
      await Promise.all(own.map(({ node }) => node.close()));
    },
  };
}
