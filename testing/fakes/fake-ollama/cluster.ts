import { createOllamaNode } from "#lib/adapters/ollama/ollama-node.ts";
import { createSystemClock } from "#lib/adapters/system/clock.ts";
import { composeEngine, type Engine } from "#lib/composition/engine.ts";
import type { Settings } from "#lib/core/settings/settings.ts";
import { milliseconds } from "#lib/core/time/milliseconds.ts";
import type { LocalModels, ModelCall } from "#lib/local-models.ts";
import type { ContinuationStore } from "#lib/ports/continuation-store.ts";
import type { SlotLedger } from "#lib/ports/slot-ledger.ts";
import type { CallRecord } from "#lib/services/call-records.ts";
import type { NodeRegistry } from "#lib/services/node-registry.ts";
import { createMemoryContinuations } from "#testing/fakes/memory-continuations.ts";

export interface TestCluster {
  readonly models: LocalModels;
  readonly registry: NodeRegistry;
  readonly ledger: SlotLedger;
  readonly engine: Engine;
  call(change?: Partial<ModelCall>): ModelCall;
  stop(): Promise<void>;
}

/** The whole cluster layer over the nodes at these addresses; ready once every node has been seen. */
export async function startTestCluster(
  nodes: readonly { readonly url: string; readonly id: string; readonly slots?: number }[],
  options: {
    readonly settings?: () => Settings;
    readonly continuations?: ContinuationStore;
    readonly onCallEnd?: (record: CallRecord) => void;
  } = {},
): Promise<TestCluster> {
  const clock = createSystemClock();
  const own = nodes.map(({ id, url, slots = 1 }) => createOllamaNode({ id, baseUrl: url, slots }));
  const engine = composeEngine({
    clock,
    nodes: own.map((node, index) => ({ node, slots: nodes[index]?.slots ?? 1, weight: 1 })),
    chatModel: "smollm2:135m",
    embedModel: "all-minilm",
    // The fake node goes on exactly, and a test of it would stand between the requests that tests count.
    continuations: createMemoryContinuations((version) => version.endsWith("-fake") || null),
    ...options,
  });
  const { registry, ledger, models } = engine;
  const ending = new AbortController();
  const running = engine.run(ending.signal);
  const complete = (): boolean =>
    registry
      .entries()
      .every(
        (entry) =>
          (entry.loaded?.length ?? 0) >= 2 &&
          engine.continuations.passed(entry.node.id, "smollm2:135m") !== null,
      );
  for (let tries = 0; !complete() && tries < 1200; tries += 1) await clock.sleep(25);
  return {
    models,
    registry,
    ledger,
    engine,
    call: (change = {}) => ({
      class: "interactive",
      client: "test",
      deadline: milliseconds(clock.now() + 110_000),
      signal: new AbortController().signal,
      ...change,
    }),
    async stop() {
      ending.abort();
      await running;
      await Promise.all(own.map((node) => node.close()));
    },
  };
}
