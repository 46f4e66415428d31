import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSystemClock } from "#lib/adapters/system/clock.ts";
import { createOllamaNode } from "#lib/adapters/ollama/ollama-node.ts";
import { createProcessStatus } from "#lib/adapters/system/process-status.ts";
import { composeEngine } from "#lib/composition/engine.ts";
import { sameModel } from "#lib/core/balancing/node-view.ts";
import { takesWork } from "#lib/core/health/node-health.ts";
import { milliseconds } from "#lib/core/time/milliseconds.ts";
import type { LocalModels, ModelCall } from "#lib/local-models.ts";
import { createClusterStatus } from "#lib/services/cluster-status.ts";
import type { NodeRegistry } from "#lib/services/node-registry.ts";
import { createMemoryContinuations } from "#testing/fakes/memory-continuations.ts";
import type { TestedNode } from "./nodes.ts";

/** The cluster layer of the product over the tested nodes. */
export interface Balanced {
  readonly models: LocalModels;
  readonly call: (client: string) => ModelCall;
  /** Resolves with what is still missing when the nodes did not all become ready. */
  readonly untilReady: (patienceMs: number) => Promise<readonly string[]>;
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface ModelNames {
  readonly chat: string;
  readonly embedding: string;
}

/** Every node that takes chats has the model in memory: until then the others get all of them, and the spread would say nothing. */
const areWarm = (registry: NodeRegistry, chatModel: string): boolean =>
  registry
    .entries()
    .filter(
      ({ node, status }) =>
        takesWork(status) && registry.serves(node.id).some((name) => sameModel(name, chatModel)),
    )
    .every(({ loaded }) => loaded?.some(({ name }) => sameModel(name, chatModel)) ?? false);

/** How long a node's slot may be held by the trial whether its model goes on with a broken text; where none comes to an end, the check does without. */
const trialPatienceMs = 15_000;
const callPatienceMs = 180_000;
const lookEveryMs = 100;

export async function openBalanced(
  nodes: readonly TestedNode[],
  names: ModelNames,
): Promise<Balanced> {
  const dataDir = await mkdtemp(join(tmpdir(), "drover-cluster-check-"));
  const clock = createSystemClock();
  const own = nodes.map(({ id, balancedUrl: baseUrl, slots }) => ({
    node: createOllamaNode({ id, baseUrl, slots }),
    slots,
    weight: 1,
  }));
  const { chat: chatModel, embedding: embedModel } = names;
  // Whether a node goes on with a broken text is not known beforehand: the engine tries it, as in the product.
  const continuations = createMemoryContinuations(() => null);
  const engine = composeEngine({ clock, nodes: own, chatModel, embedModel, continuations });
  const processes = createProcessStatus(dataDir);
  const { registry, models, continuations: trials } = engine;
  const areTried = (): boolean =>
    registry
      .entries()
      .filter(({ status }) => takesWork(status))
      .every(({ node }) => trials.passed(node.id, chatModel) !== null);
  const cluster = createClusterStatus({ registry, processes, chatModel, embedModel, clock });
  const ending = new AbortController();
  const { signal } = ending;
  const probing = engine.run(signal);
  return {
    models,
    now: () => clock.now(),
    pause: (ms) => clock.sleep(ms),
    call: (client) => ({
      class: "interactive",
      client,
      deadline: milliseconds(clock.now() + callPatienceMs),
      signal,
    }),
    async untilReady(patienceMs) {
      const begunAt = clock.now();
      for (;;) {
        const { messages } = await cluster.status();
        const waitedMs = clock.now() - begunAt;
        const isWell = messages.length === 0 && areWarm(registry, chatModel);
        if ((isWell && (areTried() || waitedMs > trialPatienceMs)) || waitedMs > patienceMs)
          return messages.map(({ text }) => text);
        await clock.sleep(lookEveryMs);
      }
    },
    async close() {
      ending.abort(new Error("the check is over"));
      await probing;
      await Promise.all(own.map(({ node }) => node.close()));
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
