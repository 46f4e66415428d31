import { embeddingGroup, type EmbeddingGroup } from "../core/balancing/embedding-space.ts";
import { sameModel, type NodeCapacity } from "../core/balancing/node-view.ts";
import { assumedRates, type MeasuredCall, type Rates } from "../core/balancing/rates.ts";
import {
  afterCall,
  unknownHealth,
  type CallResult,
  type NodeHealth,
} from "../core/health/node-health.ts";
import { milliseconds } from "../core/time/milliseconds.ts";
import type { Clock } from "../ports/clock.ts";
import type { InstalledModel, LoadedModel, ModelNode } from "../ports/model-node.ts";
import type { SlotLedger } from "../ports/slot-ledger.ts";
import { createNodeSpeeds } from "./node-speeds.ts";

export interface RegisteredNode {
  readonly node: ModelNode;
  readonly slots: number;
  readonly weight: number;
}

/** Everything known of one node. */
export interface NodeEntry extends RegisteredNode {
  readonly health: NodeHealth;
  /** Empty until the first probe. */
  readonly version: string;
  /** `null` until asked for the first time. */
  readonly installed: readonly InstalledModel[] | null;
  readonly loaded: readonly LoadedModel[] | null;
}

export type NodeFindings = Partial<Pick<NodeEntry, "health" | "version" | "installed" | "loaded">>;

/** The nodes of the cluster and what is known of them; tells the slot ledger of each change. */
export interface NodeRegistry {
  entries(): readonly NodeEntry[];
  entry(nodeId: string): NodeEntry | undefined;
  update(nodeId: string, findings: NodeFindings): void;
  reportCall(nodeId: string, result: CallResult): void;
  reportSpeed(nodeId: string, model: string, call: MeasuredCall): void;
  rates(nodeId: string, model: string): Rates;
  /** Slowest measured rates of a model over the nodes that have it. */
  slowestRates(model: string): Rates;
  embeddingGroup(model: string): EmbeddingGroup | null;
}

export interface NodeRegistryDeps {
  readonly nodes: readonly RegisteredNode[];
  readonly ledger: SlotLedger;
  readonly clock: Clock;
  /** Runs only on nodes that compute its vectors alike. */
  readonly embedModel: string;
}

export function createNodeRegistry(deps: NodeRegistryDeps): NodeRegistry {
  const entries = new Map<string, NodeEntry>(
    deps.nodes.map((registered) => [
      registered.node.id,
      { ...registered, health: unknownHealth, version: "", installed: null, loaded: null },
    ]),
  );
  const speeds = createNodeSpeeds();

  const group = (model: string): EmbeddingGroup | null =>
    embeddingGroup(
      [...entries.values()].map((entry) => ({
        id: entry.node.id,
        version: entry.version,
        installed: entry.installed ?? [],
      })),
      model,
    );

  const capacities = (): readonly NodeCapacity[] => {
    const alike = group(deps.embedModel)?.nodeIds ?? [];
    return [...entries.values()].map((entry) =>
      capacityOf(
        entry,
        (name) => !sameModel(name, deps.embedModel) || alike.includes(entry.node.id),
        (name) => speeds.of(entry.node.id, name),
      ),
    );
  };

  const update = (nodeId: string, findings: NodeFindings): void => {
    const entry = entries.get(nodeId);
    if (entry === undefined) return;
    entries.set(nodeId, { ...entry, ...findings });
    deps.ledger.setNodes(capacities());
  };

  return {
    entries: () => [...entries.values()],
    entry: (nodeId) => entries.get(nodeId),
    update,
    reportCall(nodeId, result) {
      const entry = entries.get(nodeId);
      if (entry === undefined) return;
      const health = afterCall(entry.health, result, deps.clock.now());
      if (health !== entry.health) update(nodeId, { health });
    },
    reportSpeed(nodeId, model, call) {
      speeds.report(nodeId, model, call);
      deps.ledger.setNodes(capacities());
    },
    rates: (nodeId, model) => speeds.of(nodeId, model) ?? assumedRates,
    slowestRates: (model) => speeds.slowest([...entries.keys()], model),
    embeddingGroup: group,
  };
}

function capacityOf(
  entry: NodeEntry,
  mayServe: (model: string) => boolean,
  ratesOf: (model: string) => Rates | undefined,
): NodeCapacity {
  const models = (entry.installed ?? []).map((model) => model.name).filter(mayServe);
  const loaded = entry.loaded ?? [];
  return {
    id: entry.node.id,
    status: entry.health.status,
    slots: entry.slots,
    weight: entry.weight,
    models,
    resident: models.filter((name) => loaded.some((other) => sameModel(other.name, name))),
    rates: Object.fromEntries(
      models.flatMap((name) => {
        const rates = ratesOf(name);
        return rates === undefined ? [] : [[name, rates] as const];
      }),
    ),
    loadMs: {},
    penaltyMs: milliseconds(0),
  };
}
