import { createSeededRandom } from "./seeded-random.ts";
import { startHerd } from "./herd.ts";
import { faultsOf } from "./ledger.ts";

export interface ColdLoads {
  readonly loads: number;
  /** Times that a node which loaded was given up, or its breaker opened. */
  readonly failed: number;
  /** Answers that did not come whole. */
  readonly lost: number;
}

const nodes = 4;
const model = "smollm2:135m";

/** Models leave memory again and again while people ask: loads of .1 to 1 s, nodes that say nothing meanwhile. */
export async function coldLoads(loads: number): Promise<ColdLoads> {
  const herd = await startHerd(nodes, { slots: 2 });
  const random = createSeededRandom(loads);
  const { engine, registry } = herd.cluster;
  let lost = 0;
  let done = 0;
  let isOver = false;
  const ask = async (): Promise<void> => {
    while (!isOver) lost += faultsOf(await herd.ask(8, 20)).length;
  };
  const unloadAgain = async (index: number): Promise<void> => {
    const node = herd.nodes[index];
    for (let load = index; load < loads && node !== undefined; load += nodes) {
      await node.behave({ loadMs: Math.round(100 + random() * 900) });
      await engine.loader.unload(node.id, model, herd.cluster.call().signal);
      await engine.loader.load(node.id, model, herd.cluster.call().signal);
      done += 1;
    }
  };
  try {
    const asking = Promise.all(Array.from({ length: nodes }, ask));
    await Promise.all(herd.nodes.map((_, index) => unloadAgain(index)));
    isOver = true;
    await asking;
    const openings = registry
      .entries()
      .reduce((sum, { health }) => sum + health.breaker.openings, 0);
    const failed = engine.records.failovers().length + openings;
    return { loads: done, failed, lost };
  } finally {
    isOver = true;
    await herd.stop();
  }
}
