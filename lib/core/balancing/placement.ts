import { fullModelName } from "./node-view.ts";

/** What placement knows of a node that takes work. */
export interface PlacementNode {
  readonly id: string;
  /** Models it may hold in memory at the same time. */
  readonly mostModels: number;
  /** Models it may serve. */
  readonly installed: readonly string[];
  readonly resident: readonly ResidentModel[];
  /** It loads a model now: nothing else is begun there. */
  readonly isLoading: boolean;
  /** Long enough after its last exchange for another one. */
  readonly mayExchange: boolean;
  /** Time to load a model there, ms. */
  readonly loadMs: (model: string) => number;
}

export interface ResidentModel {
  readonly name: string;
  readonly inFlight: number;
  /** Since its last request ended, ms. */
  readonly idleMs: number;
}

export interface ModelDemand {
  readonly model: string;
  /** Requests a second, smoothed. */
  readonly perSecond: number;
  /** Requests in the queue now. */
  readonly waiting: number;
  /** Mean time that a request holds a slot, ms. */
  readonly serviceMs: number;
}

/** At most one per node and round; `unload` comes first and `load` follows when it has gone. */
export interface PlacementMove {
  readonly nodeId: string;
  readonly unload: string | null;
  readonly load: string | null;
}

export interface PlacementRules {
  /** Models kept in memory wherever there is room, in this order. */
  readonly pinned: readonly string[];
  /** A copy moves only when it saves more than this many times what the move costs. */
  readonly swapFactor: number;
  readonly horizonMs: number;
}

export const placementRules = { swapFactor: 3, horizonMs: 60_000 } as const;

/**
 * Which models should come into memory where, one step at a time. Room is filled first (pinned models, then models that are asked for);
 * where there is none, the copy that is missed least gives way, if that pays: the waiting that the new copy saves, less the waiting that
 * the old one's absence costs, must be more than `swapFactor` times both loads. The last copy of a model that somebody waits for stays.
 */
export function planPlacement(
  nodes: readonly PlacementNode[],
  demand: readonly ModelDemand[],
  rules: PlacementRules,
): readonly PlacementMove[] {
  const moves: PlacementMove[] = [];
  const copies = countCopies(nodes);
  for (const node of nodes) {
    if (node.isLoading) continue;
    const move = tooMany(node, demand, copies, rules) ?? intoRoom(node, demand, copies, rules);
    const chosen = move ?? (node.mayExchange ? inExchange(node, demand, copies, rules) : null);
    if (chosen === null) continue;
    moves.push(chosen);
    count(copies.planned, chosen.load, 1);
    for (const counted of [copies.planned, copies.present]) count(counted, chosen.unload, -1);
  }
  return moves;
}

interface Copies {
  /** In memory, less what this round unloads. A load may fail, so it makes no copy that lets another one go. */
  readonly present: Map<string, number>;
  /** With what this round loads: a second load of the same model saves less. */
  readonly planned: Map<string, number>;
}

function countCopies(nodes: readonly PlacementNode[]): Copies {
  const present = new Map<string, number>();
  for (const node of nodes) for (const { name } of node.resident) count(present, name, 1);
  return { present, planned: new Map(present) };
}

function count(copies: Map<string, number>, model: string | null, change: number): void {
  if (model === null) return;
  const key = fullModelName(model);
  copies.set(key, (copies.get(key) ?? 0) + change);
}

const copiesOf = ({ planned }: Copies, model: string): number =>
  planned.get(fullModelName(model)) ?? 0;

const presentOf = ({ present }: Copies, model: string): number =>
  present.get(fullModelName(model)) ?? 0;

const demandOf = (demand: readonly ModelDemand[], model: string): ModelDemand =>
  demand.find((entry) => fullModelName(entry.model) === fullModelName(model)) ?? {
    model,
    perSecond: 0,
    waiting: 0,
    serviceMs: 0,
  };

const isPinned = ({ pinned }: PlacementRules, model: string): boolean =>
  pinned.some((name) => fullModelName(name) === fullModelName(model));

/** The limit was lowered, or somebody else loaded a model: the least recently used one that nobody misses goes. */
function tooMany(
  node: PlacementNode,
  demand: readonly ModelDemand[],
  copies: Copies,
  rules: PlacementRules,
): PlacementMove | null {
  if (node.resident.length <= node.mostModels) return null;
  const victim = victims(node, demand, copies, rules)[0];
  return victim === undefined ? null : { nodeId: node.id, unload: victim.name, load: null };
}

function intoRoom(
  node: PlacementNode,
  demand: readonly ModelDemand[],
  copies: Copies,
  rules: PlacementRules,
): PlacementMove | null {
  if (node.resident.length >= node.mostModels) return null;
  const load = wanted(node, demand, copies, rules)[0];
  return load === undefined ? null : { nodeId: node.id, unload: null, load };
}

/** Models that this node could hold and does not: those that somebody waits for in vain first, then pinned ones, then by demand. */
function wanted(
  node: PlacementNode,
  demand: readonly ModelDemand[],
  copies: Copies,
  rules: PlacementRules,
): readonly string[] {
  const missing = node.installed.filter((name) => !holds(node, name));
  const starved = (name: string): boolean =>
    copiesOf(copies, name) === 0 && demandOf(demand, name).waiting > 0;
  const rank = (name: string): number => {
    if (starved(name)) return 0;
    const pin = rules.pinned.findIndex((pinned) => fullModelName(pinned) === fullModelName(name));
    return pin >= 0 ? 1 + pin : 1000;
  };
  return missing
    .filter(
      (name) =>
        rank(name) < 1000 || saving(demandOf(demand, name), copies, rules) > node.loadMs(name),
    )
    .sort(
      (one, other) =>
        rank(one) - rank(other) ||
        demandOf(demand, other).perSecond - demandOf(demand, one).perSecond,
    );
}

const holds = (node: PlacementNode, model: string): boolean =>
  node.resident.some(({ name }) => fullModelName(name) === fullModelName(model));

/** Idle models that may go, the one that is missed least first. */
function victims(
  node: PlacementNode,
  demand: readonly ModelDemand[],
  copies: Copies,
  rules: PlacementRules,
): readonly ResidentModel[] {
  const isLastWanted = (name: string): boolean =>
    presentOf(copies, name) <= 1 && (demandOf(demand, name).waiting > 0 || isPinned(rules, name));
  return node.resident
    .filter(({ name, inFlight }) => inFlight === 0 && !isLastWanted(name))
    .sort(
      (one, other) =>
        Number(isPinned(rules, one.name)) - Number(isPinned(rules, other.name)) ||
        loss(demandOf(demand, one.name), copies, rules) -
          loss(demandOf(demand, other.name), copies, rules) ||
        other.idleMs - one.idleMs,
    );
}

function inExchange(
  node: PlacementNode,
  demand: readonly ModelDemand[],
  copies: Copies,
  rules: PlacementRules,
): PlacementMove | null {
  let best: { readonly move: PlacementMove; readonly gain: number } | null = null;
  for (const { model } of demand) {
    const load = node.installed.find((name) => fullModelName(name) === fullModelName(model));
    if (load === undefined || holds(node, load)) continue;
    for (const victim of victims(node, demand, copies, rules)) {
      const costMs = node.loadMs(load) + node.loadMs(victim.name);
      const gain =
        saving(demandOf(demand, load), copies, rules) -
        loss(demandOf(demand, victim.name), copies, rules);
      if (gain > rules.swapFactor * costMs && gain > (best?.gain ?? 0))
        best = { gain, move: { nodeId: node.id, unload: victim.name, load } };
    }
  }
  return best?.move ?? null;
}

/** Waiting that one more copy saves within the horizon, ms over all requests. */
const saving = (demand: ModelDemand, copies: Copies, rules: PlacementRules): number => {
  const now = copiesOf(copies, demand.model);
  return waited(demand, now, rules) - waited(demand, now + 1, rules);
};

/** Waiting that one copy less costs. */
const loss = (demand: ModelDemand, copies: Copies, rules: PlacementRules): number => {
  const now = copiesOf(copies, demand.model);
  return waited(demand, now - 1, rules) - waited(demand, now, rules);
};

const almostFull = 0.95;

/**
 * Waiting of all requests of the horizon with that many copies: those in the queue are served one after the other by each copy, those
 * still to come wait by its load (one server, x ÷ (1 − x) services, straight on where it is overloaded). Without a copy everybody waits
 * the horizon out as well.
 */
function waited(demand: ModelDemand, copies: number, rules: PlacementRules): number {
  const { waiting, perSecond, serviceMs } = demand;
  const coming = (perSecond * rules.horizonMs) / 1000;
  const served = Math.max(copies, 1);
  const load = (perSecond * serviceMs) / 1000 / served;
  const factor =
    load < almostFull
      ? load / (1 - load)
      : almostFull / (1 - almostFull) + (load - almostFull) * 20;
  const queue = (waiting * waiting * serviceMs) / (2 * served);
  const inVain = copies <= 0 ? (waiting + coming) * rules.horizonMs : 0;
  return queue + coming * serviceMs * factor + inVain;
}
