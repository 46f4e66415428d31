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
const chatModel = "smollm2:135m";
const embedModel = "all-minilm";
const everyLong = 4;

/** Models leave memory again and again while people ask: loads of .1 to 3 s, by nodes that list nothing and begin nothing meanwhile. */
export async function coldLoads(loads: number): Promise<ColdLoads> {
  const herd = await startHerd(nodes, { slots: 2, stallsOnLoad: true });
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
      const turn = Math.floor(load / nodes);
      // A long load of one model beside calls to the other is what looks most like a dead node.
      const isLong = turn % everyLong === 1;
      const model = turn % 2 === 1 ? embedModel : chatModel;
      await node.behave({
        loadMs: Math.round(isLong ? 2000 + random() * 1000 : 100 + random() * 400),
      });
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
