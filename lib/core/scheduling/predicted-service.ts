import { fullModelName, type NodeCapacity } from "../balancing/node-view.ts";
import { assumedRates, type Rates } from "../balancing/rates.ts";
import type { PredictedService, Waiter } from "./waiter.ts";

/** A node as the queue looks at it: every name in its one spelling. */
export interface NodeFacts {
  readonly node: NodeCapacity;
  readonly models: ReadonlySet<string>;
  readonly resident: ReadonlySet<string>;
  readonly rates: ReadonlyMap<string, Rates>;
  readonly loadMs: ReadonlyMap<string, number>;
}

export const factsOf = (node: NodeCapacity): NodeFacts => ({
  node,
  models: new Set(node.models.map(fullModelName)),
  resident: new Set(node.resident.map(fullModelName)),
  rates: byFullName(node.rates),
  loadMs: byFullName(node.loadMs),
});

const byFullName = <T>(table: Readonly<Record<string, T>>): ReadonlyMap<string, T> =>
  new Map(Object.entries(table).map(([name, value]) => [fullModelName(name), value]));

/** Assumed until a load of that model has been timed there. */
const assumedLoadMs = 5000;

/**
 * What a request costs on a node, in the one unit of all decisions: predicted time.
 * @param cachedBlocks blocks of the prompt's beginning that the node holds in its prefix cache
 */
export function predictService(
  { model, promptTokens, outputTokens, prefix }: Waiter,
  { node, rates, loadMs: loads }: NodeFacts,
  isResident: boolean,
  cachedBlocks: number,
): PredictedService {
  const { prefillPerSecond, decodePerSecond } = rates.get(model) ?? assumedRates;
  const cachedTokens = Math.min(
    cachedBlocks * prefix.tokensPerBlock,
    Math.max(promptTokens - 1, 0),
  );
  const loadMs = isResident ? 0 : (loads.get(model) ?? assumedLoadMs);
  const prefillMs = ((promptTokens - cachedTokens) / prefillPerSecond) * 1000;
  const decodeMs = (outputTokens / decodePerSecond) * 1000;
  const totalMs = loadMs + prefillMs + decodeMs + node.penaltyMs;
  return { loadMs, prefillMs, decodeMs, cachedTokens, totalMs };
}
