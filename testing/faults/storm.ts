import { defaultSettings, type Settings } from "#lib/core/settings/settings.ts";
import type { Failover } from "#lib/services/call-records.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { startHerd, type Herd } from "./herd.ts";
import { faultsOf, type SeenAnswer } from "./ledger.ts";
import type { NodeProcess } from "./node-process.ts";

export interface StormOptions {
  readonly seed: number;
  readonly deaths: number;
  readonly freezes: number;
  /** Answers asked for at the same time. */
  readonly askers: number;
  readonly decodePerSecond?: number;
}

export interface StormResult {
  readonly answers: readonly SeenAnswer[];
  /** Everything that is wrong with any answer; empty when nothing was lost, doubled or mixed. */
  readonly faults: readonly string[];
  /** Every time that a request was failed by its node. */
  readonly failovers: readonly Failover[];
}

// A node that dies every second would rest for a minute each time: the storm would spare it.
const settings: Settings = {
  ...defaultSettings,
  cluster: { ...defaultSettings.cluster, longestRestSeconds: 2 },
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Four fake nodes under load while nodes are killed and frozen, again and again, never all of them at once. */
export async function runStorm(options: StormOptions): Promise<StormResult> {
  const decodePerSecond = options.decodePerSecond ?? 1000;
  const herd = await startHerd(
    4,
    { slots: 2, prefillPerSecond: 4000, decodePerSecond },
    { settings: () => settings },
  );
  const random = createSeededRandom(options.seed);
  const answers: SeenAnswer[] = [];
  const failovers = new Map<string, Failover>();
  let isOver = false;
  const asker = async (): Promise<void> => {
    while (!isOver) {
      answers.push(await herd.ask(20 + Math.floor(random() * 120), Math.floor(random() * 300)));
      // The records keep the last hundred only.
      for (const one of herd.cluster.engine.records.failovers())
        failovers.set(`${one.callId} ${String(one.seenAt)}`, one);
    }
  };
  try {
    const asking = Promise.all(Array.from({ length: options.askers }, asker));
    await Promise.all([
      killAgain(herd, herd.nodes.slice(0, 2), options.deaths, random),
      freezeAgain(herd, herd.nodes.slice(2, 3), options.freezes, random),
    ]);
    isOver = true;
    await asking;
    const faults = answers.flatMap(faultsOf);
    return { answers, faults, failovers: [...failovers.values()] };
  } finally {
    isOver = true;
    for (const node of herd.nodes) node.thaw();
    await herd.stop();
  }
}

const backWithinMs = 30_000;
const workWithinMs = 2000;

/** A death that meets no answer shows nothing; a node that gets no work for a while dies all the same. */
async function untilWorking(herd: Herd, node: NodeProcess): Promise<void> {
  const giveUpAt = performance.now() + workWithinMs;
  while (herd.cluster.ledger.inFlight(node.id, "chat") === 0 && performance.now() < giveUpAt)
    await pause(5);
}

async function untilBack(herd: Herd, node: NodeProcess): Promise<void> {
  const giveUpAt = performance.now() + backWithinMs;
  while (herd.cluster.registry.entry(node.id)?.status.kind !== "available") {
    if (performance.now() > giveUpAt) {
      const state = JSON.stringify(herd.cluster.registry.entry(node.id));
      throw new Error(`node ${node.id} did not come back: ${state.slice(0, 2000)}`);
    }
    await pause(20);
  }
}

async function killAgain(
  herd: Herd,
  nodes: readonly NodeProcess[],
  times: number,
  random: () => number,
): Promise<void> {
  // Each node dies and comes back on its own: now one, now the other, now both.
  await Promise.all(
    nodes.map(async (node, index) => {
      const own = Math.floor(times / nodes.length) + (index < times % nodes.length ? 1 : 0);
      for (let death = 0; death < own; death += 1) {
        await untilWorking(herd, node);
        await pause(random() * 100);
        await node.kill();
        await pause(random() * 200);
        await node.restart();
        await untilBack(herd, node);
      }
    }),
  );
}

async function freezeAgain(
  herd: Herd,
  nodes: readonly NodeProcess[],
  times: number,
  random: () => number,
): Promise<void> {
  for (let freeze = 0; freeze < times; freeze += 1) {
    const node = nodes[freeze % nodes.length];
    if (node === undefined) return;
    await untilWorking(herd, node);
    await pause(random() * 100);
    node.freeze();
    await pause(1500 + random() * 6000);
    node.thaw();
    await untilBack(herd, node);
  }
}
