import { createContinuationStore } from "../adapters/database/continuation-store.ts";
import type { Database } from "../adapters/database/typed-database.ts";
import { createOllamaNode } from "../adapters/ollama/ollama-node.ts";
import { createProcessStatus } from "../adapters/system/process-status.ts";
import type { Config } from "../config.ts";
import { defaultSettings, type Settings } from "../core/settings/settings.ts";
import type { LocalModels } from "../local-models.ts";
import type { Clock } from "../ports/clock.ts";
import { createClusterStatus, type ClusterStatusReader } from "../services/cluster-status.ts";
import { composeEngine } from "./engine.ts";

export interface Cluster {
  readonly models: LocalModels;
  /** Probes and places until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  readonly status: ClusterStatusReader;
  dispose(): Promise<void>;
}

/** The nodes of the configuration behind one balancer; `settings` is asked at each decision. */
export function composeCluster(
  deps: {
    readonly db: Database;
    readonly clock: Clock;
    readonly settings?: () => Settings;
  },
  config: Config,
): Cluster {
  const { db, clock, settings = () => defaultSettings } = deps;
  const continuations = createContinuationStore({ db });
  const nodes = config.ollamaNodes.map((configured) => ({
    node: createOllamaNode(configured),
    slots: configured.slots,
    weight: configured.weight,
    baseUrl: configured.baseUrl,
    source: "configured" as const,
  }));
  const { chatModel, embedModel } = config;
  const engine = composeEngine({ clock, nodes, chatModel, embedModel, continuations, settings });
  const processes = createProcessStatus(config.dataDir);
  const { registry, models } = engine;
  const status = createClusterStatus({ registry, processes, chatModel, embedModel });
  return {
    models,
    status,
    run: (signal) => engine.run(signal),
    async dispose() {
      await Promise.all(nodes.map(({ node }) => node.close()));
    },
  };
}
