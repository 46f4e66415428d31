import { createMemorySlotLedger } from "../adapters/memory/slot-ledger.ts";
import { createOllamaNode } from "../adapters/ollama/ollama-node.ts";
import { createProcessStatus } from "../adapters/system/process-status.ts";
import type { Config } from "../config.ts";
import { policies } from "../core/balancing/policies.ts";
import { defaultSettings, type Settings } from "../core/settings/settings.ts";
import { createLoadBalancer } from "../load-balancer.ts";
import { createLocalModels, type LocalModels } from "../local-models.ts";
import type { Clock } from "../ports/clock.ts";
import { createClusterStatus, type ClusterStatusReader } from "../services/cluster-status.ts";
import { createHealthMonitor, type HealthMonitor } from "../services/health-monitor.ts";
import { createNodeRegistry } from "../services/node-registry.ts";

export interface Cluster {
  readonly models: LocalModels;
  readonly health: HealthMonitor;
  readonly status: ClusterStatusReader;
  dispose(): Promise<void>;
}

/** The nodes of the configuration behind one balancer; `settings` is asked at each decision. */
export function composeCluster(
  config: Config,
  clock: Clock,
  settings: () => Settings = () => defaultSettings,
): Cluster {
  const { chatModel, embedModel } = config;
  const nodes = config.ollamaNodes.map((configured) => ({
    node: createOllamaNode(configured),
    slots: configured.slots,
    weight: configured.weight,
  }));
  const ledger = createMemorySlotLedger({
    clock,
    policy: () => policies[settings().cluster.policy],
  });
  const registry = createNodeRegistry({ nodes, ledger, clock, embedModel });
  const balancer = createLoadBalancer({ ledger, registry, clock });
  const models = createLocalModels({
    balancer,
    registry,
    now: () => clock.now(),
    chatModel,
    embedModel,
  });
  const health = createHealthMonitor({
    registry,
    clock,
    residentModels: [
      { name: embedModel, kind: "embedding" },
      { name: chatModel, kind: "chat" },
    ],
  });
  const processes = createProcessStatus(config.dataDir);
  const status = createClusterStatus({ registry, processes, chatModel, embedModel });
  return {
    models,
    health,
    status,
    async dispose() {
      await Promise.all(nodes.map(({ node }) => node.close()));
    },
  };
}
