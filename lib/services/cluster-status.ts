import { sameModel } from "../core/balancing/node-view.ts";
import { takesWork } from "../core/health/node-health.ts";
import { statusMessages, type ClusterStatus } from "../core/health/status-messages.ts";
import type { ProcessStatus } from "../ports/process-status.ts";
import type { NodeEntry, NodeRegistry } from "./node-registry.ts";

export interface ClusterStatusDeps {
  readonly registry: NodeRegistry;
  readonly processes: ProcessStatus;
  readonly chatModel: string;
  readonly embedModel: string;
}

export interface ClusterStatusReader {
  /** In plain words, for everyone who is signed in. */
  status(): Promise<ClusterStatus>;
  /** At least one node answers and has both models in memory. */
  ready(): boolean;
}

export function createClusterStatus(deps: ClusterStatusDeps): ClusterStatusReader {
  const { registry, processes, chatModel, embedModel } = deps;
  const isResident = (entry: NodeEntry): boolean =>
    [chatModel, embedModel].every((model) =>
      entry.loaded?.some((loaded) => sameModel(loaded.name, model)),
    );
  const isInstalled = (entry: NodeEntry, model: string): boolean =>
    entry.installed?.some((installed) => sameModel(installed.name, model)) ?? false;

  return {
    async status() {
      const nodes = registry.entries().map((entry) => ({
        id: entry.node.id,
        status: entry.status,
        hasChatModel: isInstalled(entry, chatModel),
        hasEmbedModel: isInstalled(entry, embedModel),
        resident: isResident(entry),
      }));
      const models = { chat: chatModel, embedding: embedModel };
      return statusMessages(nodes, await processes.read(), models);
    },
    ready: () => registry.entries().some((entry) => takesWork(entry.status) && isResident(entry)),
  };
}
