import { planPlacement, placementRules, type PlacementMove } from "../core/balancing/placement.ts";
import { takesWork } from "../core/health/node-health.ts";
import type { Clock } from "../ports/clock.ts";
import type { CallRecords } from "./call-records.ts";
import type { ModelLoader } from "./model-loader.ts";
import type { NodeRegistry } from "./node-registry.ts";

export interface PlacementDeps {
  readonly registry: NodeRegistry;
  readonly loader: ModelLoader;
  readonly records: Pick<CallRecords, "demand" | "inFlight" | "idleMs">;
  readonly clock: Clock;
  /** Kept in memory wherever there is room, in this order. */
  readonly pinned: readonly string[];
  /** Models a node may hold; read at each round. */
  readonly mostModels: () => number;
}

export interface Placement {
  /** Moves models until the signal aborts; resolves when the last move has ended. */
  run(signal: AbortSignal): Promise<void>;
}

const roundMs = 500;
const betweenExchangesMs = 10_000;
const assumedLoadMs = 5000;

/** Keeps the right models in memory: Drover pays for a cold load, no person does. */
export function createPlacement(deps: PlacementDeps): Placement {
  const moving = new Map<string, Promise<void>>();
  const exchangedAt = new Map<string, number>();
  const mayExchange = (nodeId: string): boolean =>
    deps.clock.now() - (exchangedAt.get(nodeId) ?? -Infinity) >= betweenExchangesMs;
  const begin = (move: PlacementMove, signal: AbortSignal): void => {
    const { nodeId } = move;
    if (move.unload !== null) exchangedAt.set(nodeId, deps.clock.now());
    const done = carryOut(deps, move, signal).finally(() => moving.delete(nodeId));
    moving.set(nodeId, done);
  };
  return {
    async run(signal) {
      while (!signal.aborted) {
        for (const move of plan(deps, (nodeId) => moving.has(nodeId), mayExchange))
          begin(move, signal);
        await pause(deps.clock, roundMs, signal);
      }
      await Promise.all(moving.values());
    },
  };
}

function plan(
  { registry, loader, records, pinned, mostModels }: PlacementDeps,
  isMoving: (nodeId: string) => boolean,
  mayExchange: (nodeId: string) => boolean,
): readonly PlacementMove[] {
  const nodes = registry.entries().flatMap((entry) => {
    const { id } = entry.node;
    if (entry.loaded === null || !takesWork(entry.status)) return [];
    return {
      id,
      mostModels: mostModels(),
      installed: registry.serves(id),
      resident: entry.loaded.map(({ name }) => ({
        name,
        inFlight: records.inFlight(id, name),
        idleMs: records.idleMs(id, name),
      })),
      isLoading: isMoving(id) || loader.loading(id) !== null,
      mayExchange: mayExchange(id),
      loadMs: (model: string) => registry.loadMs(id, model) ?? assumedLoadMs,
    };
  });
  return planPlacement(nodes, records.demand(), { ...placementRules, pinned });
}

const failedPauseMs = 5000;

async function carryOut(
  { loader, clock }: PlacementDeps,
  { nodeId, unload, load }: PlacementMove,
  signal: AbortSignal,
): Promise<void> {
  try {
    if (unload !== null) await loader.unload(nodeId, unload, signal);
    if (load !== null) await loader.load(nodeId, load, signal);
  } catch {
    // Tried again at a later round; until then the node answers for itself through its calls.
    await pause(clock, failedPauseMs, signal);
  }
}

async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch {
    // Aborted: the loop ends by itself.
  }
}
