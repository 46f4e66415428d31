import { sameModel } from "../core/balancing/node-view.ts";
import { takesWork } from "../core/health/node-health.ts";
import type { Clock } from "../ports/clock.ts";
import type { ModelLoader } from "./model-loader.ts";
import type { NodeEntry } from "./node-entry.ts";
import type { NodeRegistry } from "./node-registry.ts";

export interface KeepResidentDeps {
  readonly registry: {
    entries(): Iterable<ResidentNode>;
    readonly serves: NodeRegistry["serves"];
  };
  readonly loader: Pick<ModelLoader, "load" | "keep">;
  readonly clock: Clock;
  /** The embedder and the chat model, in the order in which they are wanted. */
  readonly models: readonly string[];
  /** Models that a node may hold. */
  readonly mostModels: () => number;
}

type ResidentNode = Pick<NodeEntry, "loaded" | "status"> & {
  readonly node: Pick<NodeEntry["node"], "id">;
};

export interface ResidencyCounts {
  /** Models brought into memory, and models whose keep-alive was made longer. */
  readonly loaded: number;
  readonly kept: number;
  readonly failed: number;
}

/**
 * Sees to it that the models are in memory on every node that takes work, for longer than `periodMs`. What another program loaded with a
 * short keep-alive is kept for good; where there is no room nothing is let go.
 */
export async function keepResident(
  { registry, loader, clock, models, mostModels }: KeepResidentDeps,
  periodMs: number,
  signal: AbortSignal,
): Promise<ResidencyCounts> {
  const counts = { loaded: 0, kept: 0, failed: 0 };
  const soon = clock.wallTime().getTime() + 2 * periodMs;
  const attempt = async (what: "loaded" | "kept", work: Promise<void>): Promise<void> => {
    try {
      await work;
      counts[what] += 1;
    } catch {
      signal.throwIfAborted();
      counts.failed += 1;
    }
  };
  for (const { node, loaded, status } of registry.entries()) {
    if (loaded === null || !takesWork(status)) continue;
    let resident = loaded.length;
    const served = registry.serves(node.id);
    for (const model of models.filter((one) => served.some((name) => sameModel(name, one)))) {
      const here = loaded.find(({ name }) => sameModel(name, model));
      if (here === undefined && resident < mostModels()) {
        resident += 1;
        await attempt("loaded", loader.load(node.id, model, signal));
      } else if (here !== undefined && here.expiresAt.getTime() < soon)
        await attempt("kept", loader.keep(node.id, model, signal));
    }
  }
  return counts;
}
