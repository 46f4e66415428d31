import { fullModelName, type NodeCapacity } from "../balancing/node-view.ts";
import { assumedRates, type MeasuredRates, type Rates } from "../balancing/rates.ts";
import type { PredictedService, Waiter } from "./waiter.ts";

/** A node as the queue looks at it: every name in its one spelling. */
export interface NodeFacts {
  readonly node: NodeCapacity;
  readonly models: ReadonlySet<string>;
  readonly resident: ReadonlySet<string>;
  readonly rates: ReadonlyMap<string, Rates>;
  readonly loadMs: ReadonlyMap<string, number>;
}

/**
 * Where a model has not been measured on a node, the node is taken to be as fast with it as the fastest that was: a first request tells,
 * and one that is taken to be slow would not get a first request while the others are fast.
 */
export function factsOf(nodes: readonly NodeCapacity[]): readonly NodeFacts[] {
  const measured = nodes.map((node) => ({
    rates: byFullName(node.rates),
    loadMs: byFullName(node.loadMs),
  }));
  const rates = bestOf<MeasuredRates>(
    measured.map((node) => node.rates),
    (one, other) => ({ ...one, ...other, ...faster(one, other) }),
  );
  const loadMs = bestOf(
    measured.map((node) => node.loadMs),
    Math.min,
  );
  return nodes.map((node, index) => ({
    node,
    models: new Set(node.models.map(fullModelName)),
    resident: new Set(node.resident.map(fullModelName)),
    rates: new Map(
      [...rates].map(([model, best]) => [
        model,
        { ...assumedRates, ...best, ...measured[index]?.rates.get(model) },
      ]),
    ),
    loadMs: new Map([...loadMs, ...(measured[index]?.loadMs ?? [])]),
  }));
}

/** Of what both have measured. */
function faster(one: MeasuredRates, other: MeasuredRates): MeasuredRates {
  const keys = ["prefillPerSecond", "decodePerSecond"] as const;
  const both = keys.flatMap((key) => {
    const [here, there] = [one[key], other[key]];
    return here === undefined || there === undefined ? [] : [[key, Math.max(here, there)] as const];
  });
  return Object.fromEntries(both);
}

function bestOf<T>(
  tables: readonly ReadonlyMap<string, T>[],
  better: (one: T, other: T) => T,
): ReadonlyMap<string, T> {
  const best = new Map<string, T>();
  for (const [model, value] of tables.flatMap((table) => [...table])) {
    const known = best.get(model);
    best.set(model, known === undefined ? value : better(known, value));
  }
  return best;
}

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
