import { createMemorySlotLedger } from "#lib/adapters/memory/slot-ledger.ts";
import { createOllamaNode } from "#lib/adapters/ollama/ollama-node.ts";
import { createSystemClock } from "#lib/adapters/system/clock.ts";
import { policies } from "#lib/core/balancing/policies.ts";
import { milliseconds } from "#lib/core/time/milliseconds.ts";
import { createLoadBalancer } from "#lib/load-balancer.ts";
import { createLocalModels, type LocalModels, type ModelCall } from "#lib/local-models.ts";
import type { SlotLedger } from "#lib/ports/slot-ledger.ts";
import { createHealthMonitor } from "#lib/services/health-monitor.ts";
import { createNodeRegistry, type NodeRegistry } from "#lib/services/node-registry.ts";

export interface TestCluster {
  readonly models: LocalModels;
  readonly registry: NodeRegistry;
  readonly ledger: SlotLedger;
  call(change?: Partial<ModelCall>): ModelCall;
  stop(): Promise<void>;
}

/** The whole cluster layer over the nodes at these addresses; ready once every node has been seen. */
export async function startTestCluster(
  nodes: readonly { readonly url: string; readonly id: string; readonly slots?: number }[],
): Promise<TestCluster> {
  const clock = createSystemClock();
  const ledger = createMemorySlotLedger({ clock, policy: () => policies["predicted-time"] });
  const own = nodes.map(({ id, url, slots = 1 }) => createOllamaNode({ id, baseUrl: url, slots }));
  const registered = own.map((node, index) => ({
    node,
    slots: nodes[index]?.slots ?? 1,
    weight: 1,
  }));
  const embedModel = "all-minilm";
  const chatModel = "smollm2:135m";
  const registry = createNodeRegistry({ nodes: registered, ledger, clock, embedModel });
  const balancer = createLoadBalancer({ ledger, registry, clock });
  const models = createLocalModels({
    balancer,
    registry,
    now: () => clock.now(),
    chatModel,
    embedModel,
  });
  const monitor = createHealthMonitor({
    registry,
    clock,
    residentModels: [
      { name: chatModel, kind: "chat" },
      { name: embedModel, kind: "embedding" },
    ],
  });
  const ending = new AbortController();
  const running = monitor.run(ending.signal);
  const complete = (): boolean =>
    registry.entries().every((entry) => (entry.loaded?.length ?? 0) >= 2);
  for (let tries = 0; !complete() && tries < 1200; tries += 1) await clock.sleep(25);
  return {
    models,
    registry,
    ledger,
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
