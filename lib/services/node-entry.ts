import type { NodeCapacity } from "../core/balancing/node-view.ts";
import { sameModel } from "../core/balancing/node-view.ts";
import type { MeasuredRates } from "../core/balancing/rates.ts";
import {
  failurePenalty,
  openSlots,
  unknownHealth,
  type NodeHealth,
  type NodeStatus,
} from "../core/health/node-health.ts";
import type { Milliseconds } from "../core/time/milliseconds.ts";
import type { InstalledModel, LoadedModel, ModelNode } from "../ports/model-node.ts";

/** Where a node comes from: the environment, an admin, or the name service. */
export type NodeSource = "configured" | "admin" | "dns";

export interface RegisteredNode {
  readonly node: ModelNode;
  readonly slots: number;
  readonly weight: number;
  readonly baseUrl?: string;
  readonly source?: NodeSource;
}

/** Everything known of one node. */
export interface NodeEntry extends RegisteredNode {
  readonly health: NodeHealth;
  /** As balancing takes it, soft verdicts lifted when most of the cluster is away. */
  readonly status: NodeStatus;
  /** Empty until the first probe. */
  readonly version: string;
  /** `null` until asked for the first time. */
  readonly installed: readonly InstalledModel[] | null;
  readonly loaded: readonly LoadedModel[] | null;
  /** Aborts with `node_failed` when the node becomes unreachable or is removed: whatever runs there is lost. */
  readonly lost: AbortSignal;
  readonly lastFailure: { readonly at: Milliseconds; readonly reason: string } | null;
}

export type NodeFindings = Partial<Pick<NodeEntry, "version" | "installed" | "loaded">>;

export const newEntry = (registered: RegisteredNode, lost: AbortSignal): NodeEntry => ({
  ...registered,
  health: unknownHealth,
  status: { kind: "unreachable" },
  version: "",
  installed: null,
  loaded: null,
  lost,
  lastFailure: null,
});

/** What balancing is told of it. */
export function capacityOf(
  entry: NodeEntry,
  models: readonly string[],
  measured: {
    readonly rates: (model: string) => MeasuredRates;
    readonly loadMs: (model: string) => number | undefined;
    readonly now: Milliseconds;
  },
): NodeCapacity {
  const loaded = entry.loaded ?? [];
  return {
    id: entry.node.id,
    status: entry.status,
    slots: openSlots(entry.health, entry.slots),
    weight: entry.weight,
    models,
    resident: models.filter((name) => loaded.some((other) => sameModel(other.name, name))),
    rates: known(models, measured.rates),
    loadMs: known(models, measured.loadMs),
    penaltyMs: failurePenalty(entry.health, measured.now),
  };
}

const known = <T>(
  models: readonly string[],
  of: (model: string) => T | undefined,
): Readonly<Record<string, T>> =>
  Object.fromEntries(
    models.flatMap((name) => {
      const value = of(name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
