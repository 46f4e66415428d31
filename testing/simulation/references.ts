import { createAgenda } from "./agenda.ts";
import { createChance } from "./chance.ts";
import {
  createSimulatedNode,
  firstModels,
  type Outcome,
  type SimulatedNode,
} from "./simulated-node.ts";
import { modelShares, type Cluster, type Job } from "./workload.ts";

/** How others spread requests, to measure against. Either binds on arrival, or lets a free slot take from one central queue. */
export type Reference =
  | {
      readonly binds: "early";
      readonly choose: (job: Job, nodes: readonly SimulatedNode[], draw: () => number) => number;
    }
  | {
      readonly binds: "late";
      /** Index into the queue (oldest first) of the job that this free node takes; -1 = none. */
      readonly take: (queue: readonly Job[], node: SimulatedNode, cluster: ClusterState) => number;
    };

interface ClusterState {
  readonly nodes: readonly SimulatedNode[];
  readonly slots: number;
}

const depth = (node: SimulatedNode): number => node.running + node.queue.length;

const least = (
  nodes: readonly SimulatedNode[],
  costOf: (node: SimulatedNode) => number,
  draw: () => number,
): number => {
  const lowest = Math.min(...nodes.map(costOf));
  const ties = nodes.filter((node) => costOf(node) === lowest);
  return ties[Math.floor(draw() * ties.length)]?.index ?? 0;
};

const shortest = (queue: readonly Job[], sizeOf: (job: Job) => number): number => {
  let best = -1;
  for (const [index, job] of queue.entries())
    if (best === -1 || sizeOf(job) < sizeOf(queue[best]!)) best = index;
  return best;
};

let turn = 0;

export const references = {
  random: {
    binds: "early",
    choose: (_job, nodes, draw) => Math.floor(draw() * nodes.length),
  },
  "round-robin": {
    binds: "early",
    choose: (_job, nodes) => (turn += 1) % nodes.length,
  },
  "power of two": {
    binds: "early",
    choose(_job, nodes, draw) {
      const one = Math.floor(draw() * nodes.length);
      const other = (one + 1 + Math.floor(draw() * (nodes.length - 1))) % nodes.length;
      return least([nodes[one]!, nodes[other]!], depth, draw);
    },
  },
  "least-connections": {
    binds: "early",
    choose: (_job, nodes, draw) => least(nodes, depth, draw),
  },
  "weighted least-connections": {
    binds: "early",
    choose: (_job, nodes, draw) => least(nodes, (node) => (depth(node) + 1) / node.speed, draw),
  },
  "warm-first": {
    binds: "early",
    choose(job, nodes, draw) {
      const warm = nodes.filter((node) => node.isResident(job.model));
      return least(warm.length > 0 ? warm : nodes, depth, draw);
    },
  },
  sticky: {
    binds: "early",
    choose: (job, nodes) => (job.conversation ?? job.id) % nodes.length,
  },
  "uncached prefill × load": {
    binds: "early",
    choose: (job, nodes, draw) =>
      least(
        nodes,
        (node) =>
          (node.holds(job.conversation) ? job.warmPrefillS : job.prefillS) * (depth(node) + 1),
        draw,
      ),
  },
  /** One queue, the oldest first, any free slot: what a proxy with K connections a node does. */
  "central FIFO": { binds: "late", take: () => 0 },
  "central FIFO, fastest free": {
    binds: "late",
    take: (_queue, node, { nodes, slots }) =>
      nodes.some((other) => other.speed > node.speed && other.running < slots) ? -1 : 0,
  },
  "SJF exact": { binds: "late", take: (queue) => shortest(queue, (job) => job.decodeS) },
  "SJF noisy": { binds: "late", take: (queue) => shortest(queue, (job) => job.hintS) },
} as const satisfies Record<string, Reference>;

export type ReferenceName = keyof typeof references;

type Event =
  | { readonly kind: "arrive"; readonly job: Job }
  | { readonly kind: "end"; readonly outcome: Outcome };

/** Runs a trace under a reference scheduler to its end. */
export function runReference(
  name: ReferenceName,
  trace: readonly Job[],
  cluster: Cluster,
): readonly Outcome[] {
  const reference: Reference = references[name];
  const draw = createChance(99).next;
  turn = 0;
  const placed = firstModels(cluster, modelShares);
  const nodes = cluster.speeds.map((_, index) =>
    createSimulatedNode(index, cluster, placed[index] ?? []),
  );
  const agenda = createAgenda<Event>();
  const outcomes: Outcome[] = [];
  const central: Job[] = [];

  const start = (job: Job, node: SimulatedNode, now: number): void => {
    node.running += 1;
    const outcome = node.start(job, now);
    agenda.add(outcome.endedAt, { kind: "end", outcome });
  };
  const serve = (node: SimulatedNode, now: number): void => {
    while (node.running < cluster.slots) {
      if (reference.binds === "early") {
        const next = node.queue.shift();
        if (next === undefined) return;
        start(next, node, now);
      } else {
        const state = { nodes, slots: cluster.slots };
        const at = central.length === 0 ? -1 : reference.take(central, node, state);
        const [next] = at < 0 ? [] : central.splice(at, 1);
        if (next === undefined) return;
        start(next, node, now);
      }
    }
  };
  const arrive = (job: Job, now: number): void => {
    if (reference.binds === "early") {
      const node = nodes[reference.choose(job, nodes, draw)]!;
      node.queue.push(job);
      serve(node, now);
      return;
    }
    central.push(job);
    const first = Math.floor(draw() * nodes.length);
    for (let index = 0; index < nodes.length; index += 1)
      serve(nodes[(first + index) % nodes.length]!, now);
  };

  let arrived = 0;
  const nextArrival = (): void => {
    const job = trace[arrived];
    if (job === undefined) return;
    arrived += 1;
    agenda.add(job.at, { kind: "arrive", job });
  };
  nextArrival();
  for (let next = agenda.next(); next !== undefined; next = agenda.next()) {
    if (next.event.kind === "arrive") {
      nextArrival();
      arrive(next.event.job, next.at);
      continue;
    }
    const { outcome } = next.event;
    outcomes.push(outcome);
    const node = nodes[outcome.node]!;
    node.running -= 1;
    serve(node, next.at);
  }
  return outcomes;
}
