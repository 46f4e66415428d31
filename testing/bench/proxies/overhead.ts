import { setTimeout as delay } from "node:timers/promises";
import { quantile, type Figure } from "../figures.ts";
import type { NodesProcess } from "../paced-nodes/nodes-process.ts";
import type { Contestant } from "./contestant.ts";
import { contestants } from "./contestants.ts";
import type { Outcome } from "./outcome.ts";
import { createRandom } from "./request-stream.ts";

/** Each streams for a second and pauses for .2 s on average: fifty are open at any moment. */
const clients = 60;
const streams = 50;
const rounds = 3;
const turns = 4;
const answerTokens = 50;
const mostPauseMs = 400;
const model = "chat-a:1b";
/** Nothing queues and nothing is computed: what is left is the way. */
const pace = {
  slots: 32,
  prefillPerSecond: 1e9,
  decodePerSecond: 50,
  loadMs: 1,
  residentModels: 1,
  cachedPrompts: 1,
};

const askMany = async (contestant: Contestant): Promise<readonly Outcome[]> => {
  const outcomes: Outcome[] = [];
  const worker = async (client: number): Promise<void> => {
    const random = createRandom(client);
    for (let round = 0; round < rounds; round += 1) {
      // Streams begin at moments of their own: fifty at one moment would measure the queue before the processor.
      await delay(random() * mostPauseMs);
      const asked = {
        atMs: 0,
        model,
        prompt: `p${String(client)} r${String(round)}`,
        answerTokens,
        client: `c${String(client)}`,
        reusableTokens: 0,
      };
      outcomes.push(await contestant.ask(asked, performance.now()));
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => worker(client)));
  return outcomes;
};

interface Measured {
  readonly outcomes: Outcome[];
  /** Of this process, over all requests. */
  processorMs: number;
}

const askInto = async (contestant: Contestant, into: Measured): Promise<void> => {
  const before = process.cpuUsage();
  into.outcomes.push(...(await askMany(contestant)));
  const { user, system } = process.cpuUsage(before);
  into.processorMs += (user + system) / 1000;
};

/** By turns, so that a busy moment of the machine hits both. */
const measureByTurns = async (
  nodes: NodesProcess,
): Promise<{ readonly direct: Measured; readonly drover: Measured }> => {
  const addresses = await nodes.start(pace, [model], 4);
  const field = { nodes: addresses, slots: pace.slots, models: [model] };
  const straight = await contestants["round robin"].open(field);
  const through = await contestants.drover.open(field);
  const direct = { outcomes: [] as Outcome[], processorMs: 0 };
  const drover = { outcomes: [] as Outcome[], processorMs: 0 };
  await askMany(straight); // connections and code are warm from here on
  await askMany(through);
  for (let turn = 0; turn < turns; turn += 1) {
    await askInto(straight, direct);
    await askInto(through, drover);
  }
  await through.close();
  await straight.close();
  return { direct, drover };
};

const firsts = (outcomes: readonly Outcome[]): readonly number[] =>
  outcomes.flatMap(({ firstTokenMs }) => firstTokenMs ?? []);
const decodes = (outcomes: readonly Outcome[]): readonly number[] =>
  outcomes.map(({ firstTokenMs, totalMs }) => (totalMs - (firstTokenMs ?? 0)) / answerTokens);

/** What Drover adds between the call and the node's socket, against the same calls made directly. */
export async function measureOverhead(nodes: NodesProcess): Promise<readonly Figure[]> {
  console.log("  what Drover adds to a call …");
  const { direct, drover } = await measureByTurns(nodes);
  const added = (p: number): number =>
    quantile(firsts(drover.outcomes), p) - quantile(firsts(direct.outcomes), p);
  const perToken =
    quantile(decodes(drover.outcomes), 0.5) - quantile(decodes(direct.outcomes), 0.5);
  const processor = (drover.processorMs - direct.processorMs) / drover.outcomes.length;
  const row = (name: string, value: number, goal: number | null): Figure => ({
    ...{ part: "cluster", name, value, unit: "ms", goal, better: "lower" },
    against: `the same calls made directly, ${String(streams)} streams at a time`,
  });
  return [
    row("added to the first token, p50", added(0.5), 1),
    row("added to the first token, p99", added(0.99), 5),
    row("added to each token", perToken, 0.2),
    row(`processor time added to a call of ${String(answerTokens)} tokens`, processor, null),
  ];
}
