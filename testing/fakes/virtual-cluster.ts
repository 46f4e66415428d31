import { composeEngine, type Engine } from "#lib/composition/engine.ts";
import { milliseconds } from "#lib/core/time/milliseconds.ts";
import type { ChatPart } from "#lib/local-models.ts";
import { createFakeClock, type FakeClock } from "./fake-clock.ts";
import { createMemoryContinuations } from "./memory-continuations.ts";
import { createVirtualNode, type VirtualNode, type VirtualPace } from "./virtual-node.ts";

const [chatModel, embedModel] = ["chat:1b", "embed:latest"];
const models = [
  { name: chatModel, digest: "c", bytes: 1, capabilities: ["completion"] },
  { name: embedModel, digest: "e", bytes: 1, capabilities: ["embedding"] },
];

export interface Asked {
  readonly words?: number;
  readonly prompt?: string;
  readonly system?: string;
  readonly client?: string;
  readonly signal?: AbortSignal;
  readonly answerId?: string;
}

export interface VirtualCluster {
  readonly clock: FakeClock;
  readonly nodes: readonly VirtualNode[];
  readonly engine: Engine;
  /** An answer of that many tokens. */
  readonly ask: (tokens: number, asked?: Asked) => AsyncGenerator<ChatPart, void>;
  readonly stop: () => void;
}

/** The product's engine over virtual nodes on a clock that stands still; everything has been seen and loaded. */
export async function startVirtualCluster(
  count: number,
  slots = 1,
  pace?: VirtualPace,
): Promise<VirtualCluster> {
  const clock = createFakeClock();
  const nodes = Array.from({ length: count }, (_, at) =>
    createVirtualNode(`n${String(at)}`, clock, models, pace),
  );
  const engine = composeEngine({
    ...{ clock, chatModel, embedModel, chance: () => 0.5 },
    nodes: nodes.map((node) => ({ node, slots, weight: 1 })),
    continuations: createMemoryContinuations(() => false),
  });
  const ending = new AbortController();
  void engine.run(ending.signal);
  await clock.advance(20_000);
  return {
    ...{ clock, nodes, engine },
    ask: (
      tokens,
      {
        words = 100,
        prompt = "word ".repeat(words),
        client = "someone",
        signal,
        answerId,
        system,
      } = {},
    ) =>
      engine.models.chat(
        {
          messages: [
            ...(system === undefined ? [] : [{ role: "system", content: system } as const]),
            { role: "user", content: prompt },
          ],
          options: { maxTokens: tokens },
        },
        {
          ...{ class: "interactive", client, signal: signal ?? new AbortController().signal },
          ...(answerId === undefined ? {} : { answerId }),
          deadline: milliseconds(clock.now() + 300_000),
        },
      ),
    stop() {
      ending.abort(new Error("over"));
    },
  };
}

/** Reads an answer to its end, well or not. */
export async function drain(answer: AsyncGenerator<unknown, void>): Promise<void> {
  try {
    let step = await answer.next();
    while (step.done !== true) step = await answer.next();
  } catch {
    // How it ends is not what is looked at here.
  }
}
