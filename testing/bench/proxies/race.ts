import { setTimeout as delay } from "node:timers/promises";
import type { NodesProcess } from "../paced-nodes/nodes-process.ts";
import type { Pace, PacedStats } from "../paced-nodes/paced-node.ts";
import { contestants, isInstalled, type ContestantName } from "./contestants.ts";
import { summarise, type Outcome, type Summary } from "./outcome.ts";
import type { StreamRequest } from "./request-stream.ts";

/** What happens to a node while the stream runs. */
export interface Incident {
  readonly atMs: number;
  readonly kind: "freeze" | "kill";
  /** Of a freeze. */
  readonly forMs: number;
}

export interface Race {
  readonly pace: Pace;
  readonly nodes: number;
  readonly models: readonly string[];
  readonly stream: readonly StreamRequest[];
  readonly incident?: Incident;
}

export interface Result extends Summary {
  readonly requests: number;
  /** During the stream, over all nodes. */
  readonly stats: PacedStats;
}

/** Each node holds one model at the start, in turn, so that nobody pays for a cold cluster. */
const preload = async (addresses: readonly string[], models: readonly string[]): Promise<void> => {
  await Promise.all(
    addresses.map(async (address, at) => {
      const model = models[at % models.length];
      await (
        await fetch(`${address}/api/generate`, { method: "POST", body: JSON.stringify({ model }) })
      ).text();
    }),
  );
};

const settleMs = 1000;

/** One contestant over fresh nodes; undefined when its program is not installed. */
export async function runRace(
  name: ContestantName,
  race: Race,
  nodes: NodesProcess,
): Promise<Result | undefined> {
  const { program, open } = contestants[name];
  if (program !== undefined && !isInstalled(program)) return undefined;
  const addresses = await nodes.start(race.pace, race.models, race.nodes);
  await preload(addresses, race.models);
  const contestant = await open({ nodes: addresses, slots: race.pace.slots, models: race.models });
  await delay(settleMs);
  const before = await nodes.stats();
  const startedAt = performance.now();
  const asking: Promise<Outcome>[] = [];
  const harm = race.incident && delay(race.incident.atMs).then(() => strike(nodes, race.incident));
  for (const request of race.stream) {
    const dueAt = startedAt + request.atMs;
    await delay(Math.max(0, dueAt - performance.now()));
    asking.push(contestant.ask(request, dueAt));
  }
  const outcomes = await Promise.all(asking);
  await harm;
  const after = await nodes.stats();
  await contestant.close();
  const grown = (key: keyof PacedStats): number => after[key] - before[key];
  const stats = {
    swaps: grown("swaps"),
    promptTokens: grown("promptTokens"),
    cachedTokens: grown("cachedTokens"),
  };
  return { ...summarise(outcomes), requests: outcomes.length, stats };
}

const struckNode = 0;

const strike = (nodes: NodesProcess, incident: Incident | undefined): Promise<void> =>
  incident?.kind === "kill"
    ? nodes.kill(struckNode)
    : nodes.freeze(struckNode, incident?.forMs ?? 0);
