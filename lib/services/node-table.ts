import { sharedModels } from "../core/balancing/model-sharing.ts";
import { AppError } from "../core/errors/app-error.ts";
import { effectiveStatuses } from "../core/health/node-health.ts";
import type { Clock } from "../ports/clock.ts";
import type { SlotLedger } from "../ports/slot-ledger.ts";
import { capacityOf, newEntry, type NodeEntry, type RegisteredNode } from "./node-entry.ts";
import { createNodeSpeeds, type NodeSpeeds } from "./node-speeds.ts";

export interface NodeTableDeps {
  readonly ledger: Pick<SlotLedger, "setNodes">;
  readonly clock: Clock;
  /** Runs only on nodes that compute its vectors alike. */
  readonly embedModel: string;
}

export const modelsOf = (entries: readonly NodeEntry[]) =>
  entries.map((entry) => ({
    id: entry.node.id,
    version: entry.version,
    installed: entry.installed ?? [],
  }));

export interface NodeTable {
  readonly speeds: NodeSpeeds;
  readonly all: () => readonly NodeEntry[];
  readonly of: (nodeId: string) => NodeEntry | undefined;
  readonly put: (registered: RegisteredNode) => void;
  readonly remove: (nodeId: string) => void;
  readonly set: (entry: NodeEntry) => void;
  readonly serves: (nodeId: string) => readonly string[];
  /** Tells the ledger how things stand. */
  readonly tell: () => void;
}

/** The table itself: after each change the statuses follow, and the ledger and what runs on a lost node hear of it. */
export function createNodeTable({ ledger, clock, embedModel }: NodeTableDeps): NodeTable {
  const table = new Map<string, NodeEntry>();
  const losses = createLosses();
  const speeds = createNodeSpeeds();
  const all = (): readonly NodeEntry[] => [...table.values()];

  const tell = (): void => {
    const shared = sharedModels(modelsOf(all()), embedModel);
    const now = clock.now();
    ledger.setNodes(
      all().map((entry) => {
        const { id } = entry.node;
        return capacityOf(entry, shared.get(id) ?? [], {
          rates: (model) => speeds.of(id, model),
          loadMs: (model) => speeds.loadMs(id, model),
          now,
        });
      }),
    );
  };
  const settle = (): void => {
    const statuses = effectiveStatuses(all().map(({ health }) => health));
    for (const [index, entry] of all().entries()) {
      const status = statuses[index] ?? entry.status;
      const { id } = entry.node;
      const isAway = entry.health.reach === "unreachable";
      if (isAway) losses.lose(id, "unreachable");
      const lost = !isAway && entry.lost.aborted ? losses.begin(id) : entry.lost;
      table.set(id, { ...entry, status, lost });
    }
    tell();
  };

  return {
    speeds,
    all,
    of: (nodeId) => table.get(nodeId),
    put(registered) {
      const { id } = registered.node;
      const known = table.get(id);
      table.set(
        id,
        known === undefined ? newEntry(registered, losses.begin(id)) : { ...known, ...registered },
      );
      settle();
    },
    remove(nodeId) {
      losses.lose(nodeId, "removed");
      if (table.delete(nodeId)) settle();
    },
    set(entry) {
      table.set(entry.node.id, entry);
      settle();
    },
    serves: (nodeId) => sharedModels(modelsOf(all()), embedModel).get(nodeId) ?? [],
    tell,
  };
}

/** The signals by which whatever runs on a node learns that the node is lost. */
function createLosses() {
  const controllers = new Map<string, AbortController>();
  return {
    begin(nodeId: string): AbortSignal {
      const controller = new AbortController();
      controllers.set(nodeId, controller);
      return controller.signal;
    },
    lose(nodeId: string, reason: string): void {
      controllers.get(nodeId)?.abort(new AppError("node_failed", { nodeId, reason }));
    },
  };
}
