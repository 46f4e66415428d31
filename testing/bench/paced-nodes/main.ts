// The paced nodes of one bench run in a process of their own; commands come as JSON lines on its input, answers on its output.
import { createInterface } from "node:readline";
import { PacedNode, type Pace } from "./paced-node.ts";

interface Command {
  readonly start?: {
    readonly pace: Pace;
    readonly models: readonly string[];
    readonly count: number;
  };
  readonly freeze?: { readonly node: number; readonly ms: number };
  readonly kill?: { readonly node: number };
  readonly stats?: true;
}

let nodes: readonly PacedNode[] = [];

const run = async (command: Command): Promise<object> => {
  if (command.start !== undefined) {
    const { pace, models, count } = command.start;
    await Promise.all(nodes.map((node) => node.kill()));
    nodes = Array.from({ length: count }, () => new PacedNode(pace, models));
    const ports: number[] = [];
    for (const node of nodes) ports.push(await node.listen(0));
    return { ports };
  }
  if (command.freeze !== undefined) nodes[command.freeze.node]?.freeze(command.freeze.ms);
  if (command.kill !== undefined) await nodes[command.kill.node]?.kill();
  const stats = nodes.map((node) => node.stats);
  return { stats };
};

for await (const line of createInterface({ input: process.stdin }))
  process.stdout.write(`${JSON.stringify(await run(JSON.parse(line) as Command))}\n`);
process.exit(0);
