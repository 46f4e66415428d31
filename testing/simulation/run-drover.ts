import { measuredRates, type MeasuredRates } from "#lib/core/balancing/rates.ts";
import type { NodeCapacity } from "#lib/core/balancing/node-view.ts";
import { policies, type PolicyName } from "#lib/core/balancing/policies.ts";
import { Dispatcher, lookAgainMs } from "#lib/core/scheduling/dispatcher.ts";
import type { Waiter } from "#lib/core/scheduling/waiter.ts";
import { milliseconds } from "#lib/core/time/milliseconds.ts";
import { createAgenda } from "./agenda.ts";
import { createChance } from "./chance.ts";
import {
  createSimulatedNode,
  firstModels,
  type Outcome,
  type SimulatedNode,
} from "./simulated-node.ts";
import { modelShares, type Cluster, type Job } from "./workload.ts";

export interface DroverRun {
  readonly outcomes: readonly Outcome[];
  /** Most requests a node worked on at once. */
  readonly mostInFlight: number;
}

interface DroverOptions {
  /** With them the dispatcher knows sizes as well as the trace's hints do; without, every output looks alike. */
  readonly hints: boolean;
  readonly policy?: PolicyName;
}

// Seconds of the trace are turned into tokens at these rates, which a node of speed 1 has.
const prefillPerSecond = 200;
const decodePerSecond = 20;
const assumedDecodeS = 1;

type Event =
  | { readonly kind: "arrive"; readonly job: Job }
  | { readonly kind: "begin"; readonly leaseId: string }
  | { readonly kind: "end"; readonly leaseId: string; readonly outcome: Outcome }
  | { readonly kind: "look" };

const ms = (seconds: number): ReturnType<typeof milliseconds> => milliseconds(seconds * 1000);

/** Runs a trace through the product's own dispatcher. Rates are measured on the way, as in the product. */
export function runDrover(
  trace: readonly Job[],
  cluster: Cluster,
  { hints, policy = "predicted-time" }: DroverOptions,
): DroverRun {
  const dispatcher = new Dispatcher({
    policy: () => policies[policy],
    chance: createChance(98).next,
    hostCachedPrompts: Math.max(cluster.cachedConversations - cluster.slots, 0),
  });
  const placed = firstModels(cluster, modelShares);
  const nodes = cluster.speeds.map((_, index) =>
    createSimulatedNode(index, cluster, placed[index] ?? []),
  );
  const measured = nodes.map(() => new Map<string, MeasuredRates>());
  const tell = (): void => {
    dispatcher.setNodes(nodes.map((node) => capacityOf(node, cluster, measured[node.index]!)));
  };
  const jobs = new Map<string, Job>();
  const agenda = createAgenda<Event>();
  const outcomes: Outcome[] = [];
  let looksAgain = false;
  let mostInFlight = 0;

  const dispatch = (at: number): void => {
    for (const { leaseId, nodeId, waiter } of dispatcher.grants(ms(at))) {
      const node = nodes[Number(nodeId)]!;
      const outcome = node.start(jobs.get(waiter.id)!, at);
      node.running += 1;
      mostInFlight = Math.max(mostInFlight, node.running);
      agenda.add(outcome.firstTokenAt, { kind: "begin", leaseId });
      agenda.add(outcome.endedAt, { kind: "end", leaseId, outcome });
    }
    if (!dispatcher.hasDeclined() || looksAgain) return;
    looksAgain = true;
    agenda.add(at + lookAgainMs / 1000, { kind: "look" });
  };
  const finish = (leaseId: string, outcome: Outcome, at: number): void => {
    const node = nodes[outcome.node]!;
    node.running -= 1;
    outcomes.push(outcome);
    jobs.delete(String(outcome.job.id));
    dispatcher.end(leaseId, {}, ms(at));
    if (learn(measured[outcome.node]!, outcome) || outcome.wasCold) tell();
  };

  tell();
  let arrived = 0;
  const nextArrival = (): void => {
    const job = trace[arrived];
    if (job === undefined) return;
    arrived += 1;
    agenda.add(job.at, { kind: "arrive", job });
  };
  nextArrival();
  for (let next = agenda.next(); next !== undefined; next = agenda.next()) {
    const { at, event } = next;
    switch (event.kind) {
      case "arrive":
        nextArrival();
        jobs.set(String(event.job.id), event.job);
        dispatcher.enter(waiterOf(event.job, hints, at), ms(at));
        break;
      case "begin":
        dispatcher.begun(event.leaseId, ms(at));
        continue;
      case "end":
        finish(event.leaseId, event.outcome, at);
        break;
      case "look":
        looksAgain = false;
        break;
      default:
        event satisfies never;
    }
    dispatch(at);
  }
  return { outcomes, mostInFlight };
}

const modelName = (model: number): string => `model-${model}:latest`;

function capacityOf(
  node: SimulatedNode,
  cluster: Cluster,
  rates: ReadonlyMap<string, MeasuredRates>,
): NodeCapacity {
  return {
    id: String(node.index),
    status: { kind: "available" },
    slots: cluster.slots,
    weight: node.speed,
    models: modelShares.map((_, model) => modelName(model)),
    resident: node.resident().map(modelName),
    rates: Object.fromEntries(rates),
    loadMs: Object.fromEntries(
      modelShares.map((_, model) => [modelName(model), cluster.loadS * 1000]),
    ),
    penaltyMs: milliseconds(0),
  };
}

/** Prompts of the trace have one block: what a conversation keeps from turn to turn. */
function waiterOf(job: Job, hints: boolean, at: number): Waiter {
  const decodeS = hints ? job.hintS : assumedDecodeS;
  const hashes = job.conversation === null ? [] : [`conversation-${job.conversation}`];
  const tokensPerBlock = (job.prefillS - job.warmPrefillS) * prefillPerSecond;
  return {
    id: String(job.id),
    kind: "chat",
    class: "interactive",
    client: `client-${job.conversation ?? job.id}`,
    model: modelName(job.model),
    since: ms(at),
    promptTokens: job.prefillS * prefillPerSecond,
    outputTokens: decodeS * decodePerSecond,
    prefix: { hashes, tokensPerBlock },
    avoidNodeIds: [],
  };
}

/** True when it changed what is known of the node's speed by more than a hundredth. */
function learn(
  rates: Map<string, MeasuredRates>,
  { job, startedAt, firstTokenAt, endedAt, hitPrefix, wasCold }: Outcome,
): boolean {
  const name = modelName(job.model);
  const before = rates.get(name);
  const promptTokens = job.prefillS * prefillPerSecond;
  const warmTokens = job.warmPrefillS * prefillPerSecond;
  const after = measuredRates(before ?? {}, {
    promptTokens,
    cachedPromptTokens: hitPrefix ? promptTokens - warmTokens : 0,
    completionTokens: job.decodeS * decodePerSecond,
    prefillMs: wasCold ? 0 : (firstTokenAt - startedAt) * 1000,
    decodeMs: (endedAt - firstTokenAt) * 1000,
  });
  rates.set(name, after);
  return before === undefined || isFar(before, after);
}

const isFar = (before: MeasuredRates, after: MeasuredRates): boolean =>
  (["decodePerSecond", "prefillPerSecond"] as const).some(
    (key) => after[key] !== undefined && Math.abs(after[key] / (before[key] ?? 0) - 1) > 0.01,
  );
