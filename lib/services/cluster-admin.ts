import type { Actor } from "../core/access/actor.ts";
import { nodeAddressFault } from "../core/balancing/node-address.ts";
import { sameModel } from "../core/balancing/node-view.ts";
import { AppError } from "../core/errors/app-error.ts";
import type { Clock } from "../ports/clock.ts";
import type { NodeDecisions } from "../ports/node-decisions.ts";
import type { ModelInstalls } from "./model-installs.ts";
import type { ModelLoader } from "./model-loader.ts";
import type { NodeDirectory } from "./node-directory.ts";
import type { NodeEntry, NodeRegistry } from "./node-registry.ts";

export interface NodeFields {
  readonly baseUrl?: string | undefined;
  readonly slots?: number | undefined;
  readonly weight?: number | undefined;
}

/** What an admin does to the cluster. In force here when it resolves; no request is dropped. Throws `not_found`, `bad_request`, `conflict`. */
export interface ClusterAdmin {
  addNode(
    actor: Actor,
    node: { readonly id: string; readonly baseUrl: string } & NodeFields,
  ): Promise<void>;
  editNode(actor: Actor, nodeId: string, fields: NodeFields): Promise<void>;
  /** It finishes what it works on and goes. */
  removeNode(actor: Actor, nodeId: string): Promise<void>;
  drainNode(actor: Actor, nodeId: string, isDraining: boolean): Promise<void>;
  resetBreaker(nodeId: string): void;
  /** Begins; the snapshot shows how it goes on. */
  changeModel(
    nodeId: string,
    model: string,
    action: "load" | "unload" | "install" | "remove",
    signal: AbortSignal,
  ): Promise<void>;
}

export interface ClusterAdminDeps {
  readonly registry: NodeRegistry;
  readonly decisions: NodeDecisions;
  readonly directory: Pick<NodeDirectory, "refresh">;
  readonly loader: ModelLoader;
  readonly installs: ModelInstalls;
  readonly clock: Clock;
}

export function createClusterAdmin(deps: ClusterAdminDeps): ClusterAdmin {
  const { registry, decisions, directory } = deps;
  const known = (nodeId: string): NodeEntry => {
    const entry = registry.entry(nodeId);
    if (entry === undefined) throw new AppError("not_found", {});
    return entry;
  };
  const decide = async (
    actor: Actor,
    nodeId: string,
    fields: Parameters<NodeDecisions["change"]>[1],
  ): Promise<void> => {
    await decisions.change(nodeId, fields, actor.userId);
    await directory.refresh();
  };

  return {
    async addNode(actor, { id, ...fields }) {
      if (registry.entry(id) !== undefined)
        throw new AppError("conflict", { reason: "the id is taken" });
      await decide(actor, id, { ...checked(fields), isRemoved: false, isDraining: false });
    },
    async editNode(actor, nodeId, fields) {
      known(nodeId);
      await decide(actor, nodeId, checked(fields));
    },
    async removeNode(actor, nodeId) {
      const { source } = known(nodeId);
      if (source === "admin") {
        await decisions.forget(nodeId);
        await directory.refresh();
      } else await decide(actor, nodeId, { isRemoved: true });
    },
    async drainNode(actor, nodeId, isDraining) {
      known(nodeId);
      await decide(actor, nodeId, { isDraining });
    },
    resetBreaker(nodeId) {
      known(nodeId);
      registry.resetBreaker(nodeId);
    },
    async changeModel(nodeId, model, action, signal) {
      const entry = known(nodeId);
      if (action === "install") {
        deps.installs.start(nodeId, model);
        return;
      }
      if (entry.installed?.some(({ name }) => sameModel(name, model)) !== true)
        throw new AppError("not_found", {});
      if (action === "load") {
        // It may take minutes; the snapshot shows it.
        deps.loader.load(nodeId, model, new AbortController().signal).catch(() => undefined);
        return;
      }
      await deps.loader.unload(nodeId, model, signal);
      if (action === "unload") return;
      await entry.node.removeModel(model, signal);
      registry.update(nodeId, { installed: await entry.node.installedModels(signal) });
    },
  };
}

/** Throws `bad_request` with a sentence for the person. */
function checked({ baseUrl, slots, weight }: NodeFields) {
  const fault = baseUrl === undefined ? null : nodeAddressFault(baseUrl);
  if (fault !== null) throw new AppError("bad_request", { issues: [`baseUrl: ${fault}`] });
  return {
    ...(baseUrl === undefined ? {} : { baseUrl: baseUrl.replace(/\/+$/, "") }),
    ...(slots === undefined ? {} : { slots }),
    ...(weight === undefined ? {} : { weight }),
  };
}
