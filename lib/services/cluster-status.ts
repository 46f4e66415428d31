import { sameModel } from "../core/balancing/node-view.ts";
import { takesWork } from "../core/health/node-health.ts";
import { statusMessages, type ClusterStatus } from "../core/health/status-messages.ts";
import type { Clock } from "../ports/clock.ts";
import type { ProcessStatus } from "../ports/process-status.ts";
import type { NodeEntry, NodeRegistry } from "./node-registry.ts";

export interface ClusterStatusDeps {
  readonly registry: NodeRegistry;
  readonly processes: ProcessStatus;
  readonly chatModel: string;
  readonly embedModel: string;
  readonly clock: Pick<Clock, "now">;
}

export interface ClusterStatusReader {
  /** In plain words, for everyone who is signed in. */
  status(): Promise<ClusterStatus>;
  /** At least one node answers and has both models in memory. */
  ready(): boolean;
}

/** Everybody's page asks for it every few seconds: it is found out once for all that ask at a time. */
const sharedMs = 500;

export function createClusterStatus(deps: ClusterStatusDeps): ClusterStatusReader {
  const { registry, processes, chatModel, embedModel, clock } = deps;
  const isResident = (entry: NodeEntry): boolean =>
    [chatModel, embedModel].every((model) =>
      entry.loaded?.some((loaded) => sameModel(loaded.name, model)),
    );
  const isInstalled = (entry: NodeEntry, model: string): boolean =>
    entry.installed?.some((installed) => sameModel(installed.name, model)) ?? false;

  let shared: { readonly until: number; readonly status: Promise<ClusterStatus> } | null = null;
  const read = async (): Promise<ClusterStatus> => {
    const nodes = registry.entries().map((entry) => ({
      id: entry.node.id,
      status: entry.status,
      hasChatModel: isInstalled(entry, chatModel),
      hasEmbedModel: isInstalled(entry, embedModel),
      resident: isResident(entry),
    }));
    const models = { chat: chatModel, embedding: embedModel };
    return statusMessages(nodes, await processes.read(), models);
  };

  return {
    status() {
      const now = clock.now();
      if (shared === null || now >= shared.until)
        shared = { until: now + sharedMs, status: read() };
      return shared.status;
    },
    ready: () => registry.entries().some((entry) => takesWork(entry.status) && isResident(entry)),
  };
}
