import type { Cluster, Job } from "./workload.ts";

/** What became of a job. Times in seconds. */
export interface Outcome {
  readonly job: Job;
  readonly node: number;
  readonly startedAt: number;
  readonly firstTokenAt: number;
  readonly endedAt: number;
  readonly wasCold: boolean;
  readonly hitPrefix: boolean;
}

/** A node that works: models in memory, prefixes in the cache, and what a job costs there. */
export interface SimulatedNode {
  readonly index: number;
  readonly speed: number;
  /** Jobs that hold a slot. */
  running: number;
  /** Jobs queued inside the node; empty behind a dispatcher that binds late. */
  readonly queue: Job[];
  readonly isResident: (model: number) => boolean;
  readonly resident: () => readonly number[];
  readonly holds: (conversation: number | null) => boolean;
  /** Runs the job from now on and tells how it goes. */
  readonly start: (job: Job, now: number) => Outcome;
}

export function createSimulatedNode(
  index: number,
  cluster: Cluster,
  firstModels: readonly number[],
): SimulatedNode {
  const speed = cluster.speeds[index] ?? 1;
  const models = createLeastRecent<number>(cluster.residentModels, firstModels);
  const conversations = createLeastRecent<number>(cluster.cachedConversations, []);
  // Loads are serial on a node, and who needs a model that is being loaded waits for it too.
  let loadedAt = 0;
  const readyAt = new Map<number, number>();

  return {
    index,
    speed,
    running: 0,
    queue: [],
    isResident: models.has,
    resident: models.all,
    holds: (conversation) => conversation !== null && conversations.has(conversation),
    start(job, now) {
      const wasCold = !models.has(job.model);
      const hitPrefix = job.conversation !== null && conversations.has(job.conversation);
      models.use(job.model);
      if (job.conversation !== null) conversations.use(job.conversation);
      if (wasCold) {
        loadedAt = Math.max(loadedAt, now) + cluster.loadS;
        readyAt.set(job.model, loadedAt);
      }
      const beginsAt = Math.max(readyAt.get(job.model) ?? 0, now);
      const firstTokenAt = beginsAt + (hitPrefix ? job.warmPrefillS : job.prefillS) / speed;
      const endedAt = firstTokenAt + job.decodeS / speed;
      return { job, node: index, startedAt: now, firstTokenAt, endedAt, wasCold, hitPrefix };
    },
  };
}

/** The most recently used, up to a capacity. */
function createLeastRecent<T>(capacity: number, first: readonly T[]) {
  const items = new Set<T>(first);
  return {
    has: (item: T): boolean => items.has(item),
    all: (): readonly T[] => [...items],
    use(item: T): void {
      items.delete(item);
      items.add(item);
      for (const oldest of items) {
        if (items.size <= capacity) break;
        items.delete(oldest);
      }
    },
  };
}

/**
 * What every node holds at first: copies by the square root of the demand (so that rare models have room to wait in as well), each where the
 * least is asked for so far.
 */
export function firstModels(cluster: Cluster, shares: readonly number[]): readonly number[][] {
  const nodes = cluster.speeds.map(() => ({ models: [] as number[], load: 0 }));
  const places = nodes.length * cluster.residentModels;
  const copies = copiesBySquareRoot(places, nodes.length, shares);
  for (const [model, count] of copies.entries()) {
    const roomy = nodes
      .filter(({ models }) => models.length < cluster.residentModels)
      .sort((one, other) => one.load - other.load);
    for (const node of roomy.slice(0, count)) {
      node.models.push(model);
      node.load += (shares[model] ?? 0) / count;
    }
  }
  return nodes.map(({ models }) => models);
}

function copiesBySquareRoot(
  places: number,
  most: number,
  shares: readonly number[],
): readonly number[] {
  const copies = shares.map(() => 1);
  for (let left = places - shares.length; left > 0; left -= 1) {
    const missing = shares.map((share, model) => {
      const count = copies[model] ?? 1;
      return count < most ? Math.sqrt(share) / count : -1;
    });
    const neediest = missing.indexOf(Math.max(...missing));
    copies[neediest] = (copies[neediest] ?? 1) + 1;
  }
  return copies;
}
