import { embeddingGroup, type EmbeddingGroup } from "../core/balancing/embedding-space.ts";
import {
  assumedRates,
  type MeasuredCall,
  type MeasuredRates,
  type Rates,
} from "../core/balancing/rates.ts";
import {
  afterCall,
  afterModelsProbe,
  afterProbe,
  afterRecoveryProbe,
  afterSuspicion,
  failurePenalty,
  type CallResult,
  type NodeHealth,
  type ProbeResult,
} from "../core/health/node-health.ts";
import {
  breakerLimits,
  closedBreaker,
  isProbeDue,
  probing,
  type BreakerLimits,
  type BreakerMoment,
} from "../core/resilience/circuit-breaker.ts";
import type { NodeEntry, NodeFindings, RegisteredNode } from "./node-entry.ts";
import { createNodeTable, modelsOf, type NodeTable, type NodeTableDeps } from "./node-table.ts";

export type { NodeEntry, RegisteredNode } from "./node-entry.ts";

/** The nodes of the cluster and what is known of them; tells the slot ledger of each change. */
export interface NodeRegistry {
  entries(): readonly NodeEntry[];
  entry(nodeId: string): NodeEntry | undefined;
  /** Adds a node, or changes slots, weight and address of the one with its id; what runs there goes on. */
  put(registered: RegisteredNode): void;
  /** What still runs there is lost: drain before. */
  remove(nodeId: string): void;
  update(nodeId: string, findings: NodeFindings): void;
  /** The version probe's result. */
  probed(nodeId: string, probe: ProbeResult): void;
  /** It did not answer when a call asked: other nodes are preferred, and one more silence makes it unreachable. */
  suspected(nodeId: string): void;
  modelsListed(nodeId: string, tookMs: number): void;
  reportCall(nodeId: string, result: CallResult, reason?: string): void;
  /** True when the half-open probe may go out now: it then belongs to the caller. */
  beginRecovery(nodeId: string): boolean;
  endRecovery(nodeId: string, succeeded: boolean): void;
  resetBreaker(nodeId: string): void;
  setDraining(nodeId: string, isDraining: boolean): void;
  reportSpeed(nodeId: string, model: string, call: MeasuredCall): void;
  reportLoad(nodeId: string, model: string, tookMs: number): void;
  loadMs(nodeId: string, model: string): number | undefined;
  /** What is assumed where it has not been measured. */
  rates(nodeId: string, model: string): Rates;
  measuredRates(nodeId: string, model: string): MeasuredRates;
  /** Slowest measured rates of a model over the nodes that have it. */
  slowestRates(model: string): Rates;
  /** Full names of the models that this node may serve. */
  serves(nodeId: string): readonly string[];
  embeddingGroup(model: string): EmbeddingGroup | null;
  /** Tells the ledger anew what fades with time. */
  refresh(): void;
}

export interface NodeRegistryDeps extends NodeTableDeps {
  readonly nodes: readonly RegisteredNode[];
  /** From 0 up to 1; spreads the breakers' waits. */
  readonly chance?: () => number;
  /** Read at each decision, so that they can be changed while the program runs. */
  readonly limits?: () => BreakerLimits;
}

export function createNodeRegistry(deps: NodeRegistryDeps): NodeRegistry {
  const table = createNodeTable(deps);
  const { speeds } = table;
  for (const registered of deps.nodes) table.put(registered);
  return {
    entries: table.all,
    entry: table.of,
    put: table.put,
    remove: table.remove,
    update(nodeId, findings) {
      const entry = table.of(nodeId);
      if (entry !== undefined) table.set({ ...entry, ...findings });
    },
    ...healthReports(deps, table),
    reportSpeed(nodeId, model, call) {
      speeds.report(nodeId, model, call);
      table.tell();
    },
    reportLoad(nodeId, model, tookMs) {
      speeds.reportLoad(nodeId, model, tookMs);
      table.tell();
    },
    loadMs: (nodeId, model) => speeds.loadMs(nodeId, model),
    rates: (nodeId, model) => ({ ...assumedRates, ...speeds.of(nodeId, model) }),
    measuredRates: (nodeId, model) => speeds.of(nodeId, model),
    slowestRates: (model) =>
      speeds.slowest(
        table.all().map(({ node }) => node.id),
        model,
      ),
    serves: table.serves,
    embeddingGroup: (model) => embeddingGroup(modelsOf(table.all()), model),
    refresh() {
      const now = deps.clock.now();
      if (table.all().some(({ health }) => failurePenalty(health, now) > 0)) table.tell();
    },
  };
}

type HealthReports = Pick<
  NodeRegistry,
  | "probed"
  | "suspected"
  | "modelsListed"
  | "reportCall"
  | "beginRecovery"
  | "endRecovery"
  | "resetBreaker"
  | "setDraining"
>;

/** What probes and calls say of a node's health. */
function healthReports(deps: NodeRegistryDeps, table: NodeTable): HealthReports {
  const moment = (): BreakerMoment => ({
    now: deps.clock.now(),
    chance: deps.chance?.() ?? 0.5,
    limits: deps.limits?.() ?? breakerLimits,
  });
  const change = (nodeId: string, next: (health: NodeHealth) => NodeHealth): void => {
    const entry = table.of(nodeId);
    if (entry === undefined) return;
    const health = next(entry.health);
    if (health !== entry.health) table.set({ ...entry, health });
  };
  return {
    probed(nodeId, probe) {
      change(nodeId, (health) => afterProbe(health, probe, moment()));
    },
    suspected(nodeId) {
      change(nodeId, afterSuspicion);
    },
    modelsListed(nodeId, tookMs) {
      change(nodeId, (health) => afterModelsProbe(health, tookMs));
    },
    reportCall(nodeId, result, reason = result) {
      const entry = table.of(nodeId);
      if (entry === undefined) return;
      const lastFailure =
        result === "succeeded" ? entry.lastFailure : { at: deps.clock.now(), reason };
      table.set({ ...entry, lastFailure, health: afterCall(entry.health, result, moment()) });
    },
    beginRecovery(nodeId) {
      const health = table.of(nodeId)?.health;
      const isDue = health?.reach === "reachable" && isProbeDue(health.breaker, deps.clock.now());
      if (isDue)
        change(nodeId, (before) => ({ ...before, breaker: probing(before.breaker, moment()) }));
      return isDue;
    },
    endRecovery(nodeId, succeeded) {
      change(nodeId, (health) => afterRecoveryProbe(health, succeeded, moment()));
    },
    resetBreaker(nodeId) {
      change(nodeId, (health) => ({ ...health, breaker: closedBreaker, failedAt: [] }));
    },
    setDraining(nodeId, isDraining) {
      change(nodeId, (health) => ({ ...health, isDraining }));
    },
  };
}
