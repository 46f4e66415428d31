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
  // Loads are serial on a node.
  let loadedAt = 0;

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
      if (wasCold) loadedAt = Math.max(loadedAt, now) + cluster.loadS;
      const readyAt = wasCold ? loadedAt : now;
      const firstTokenAt = readyAt + (hitPrefix ? job.warmPrefillS : job.prefillS) / speed;
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

/** Models by falling demand, dealt out so that each has copies by its share and every node is full. */
export function firstModels(cluster: Cluster, shares: readonly number[]): readonly number[][] {
  const places = cluster.speeds.length * cluster.residentModels;
  const copies = shares.map(() => 1);
  for (let left = places - shares.length; left > 0; left -= 1) {
    const loads = shares.map((share, model) =>
      (copies[model] ?? 1) < cluster.speeds.length ? share / (copies[model] ?? 1) : -1,
    );
    const neediest = loads.indexOf(Math.max(...loads));
    copies[neediest] = (copies[neediest] ?? 1) + 1;
  }
  const nodes: number[][] = cluster.speeds.map(() => []);
  for (const [model, count] of copies.entries()) {
    const emptiest = [...nodes.keys()].sort((a, b) => nodes[a]!.length - nodes[b]!.length);
    for (const node of emptiest.slice(0, count)) nodes[node]!.push(model);
  }
  return nodes;
}
