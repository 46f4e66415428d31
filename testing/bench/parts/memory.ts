import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startEmbeddedNode } from "#testing/integration/embedded-node/start-embedded-node.ts";
import type { Figure } from "../figures.ts";
import { signIn } from "../person.ts";
import { newDataDir, removeDataDir, startProduct, type Product } from "../product.ts";

const settleMs = 10_000;
const idleGoal = 500;
const beforeLoadGoal = 700;
const document = "assets/demo/National Archives strategic plan 2022-2026.pdf";
const question = "What will the National Archives be known for?";

/** Resident memory of every process of the product, idle and after work. */
export async function benchMemory(): Promise<readonly Figure[]> {
  const dataDir = await newDataDir();
  const product = await startProduct(dataDir);
  try {
    const figures: Figure[] = [];
    await delay(settleMs);
    const idle = await residentSizes(product, "idle", idleGoal);
    figures.push(...idle, await beforeModelsLoad(product, idle.at(-1)?.value ?? Number.NaN));
    const person = await signIn(product);
    await person.untilReady(
      await person.upload("plan.pdf", new Uint8Array(await readFile(document))),
    );
    await person.ask(question);
    figures.push(...(await residentSizes(product, "after an upload and an answer", null)));
    return figures;
  } finally {
    await product.stop();
    await removeDataDir(dataDir);
  }
}

/** Nodes as they are before their first model, beside the idle rest. */
async function beforeModelsLoad(product: Product, rest: number): Promise<Figure> {
  const nodes = (await product.parts()).filter(({ name }) => name.startsWith("node-"));
  // As `npm start` has it (embedded/supervisor/start.mjs).
  process.env["NODE_COMPILE_CACHE"] ??= resolve("node_modules/.cache/drover/compiled");
  const empty = await startEmbeddedNode();
  await delay(settleMs / 2);
  const each = await residentMegabytes(empty.pid);
  await empty.stop();
  return {
    ...{ part: "memory", name: "all with the nodes, before models load", unit: "MB" },
    value: rest + nodes.length * each,
    goal: beforeLoadGoal,
    better: "lower",
    against: `${nodes.length} nodes of ${each.toFixed(0)} MB without a model`,
  };
}

async function residentSizes(
  product: Product,
  when: string,
  goal: number | null,
): Promise<readonly Figure[]> {
  const figure = (name: string, value: number, limit: number | null): Figure => ({
    ...{ part: "memory", name: `${name}, ${when}`, value, unit: "MB", goal: limit },
    better: "lower",
    against: "resident set of the process, from /proc",
  });
  const sizes = await Promise.all(
    (await product.parts()).map(async ({ name, pid }) => ({
      name,
      megabytes: pid === null ? 0 : await residentMegabytes(pid),
    })),
  );
  const supervisor = await residentMegabytes(product.pid);
  const own = sizes.filter(({ name }) => !name.startsWith("node-"));
  const sum = supervisor + own.reduce((total, { megabytes }) => total + megabytes, 0);
  return [
    figure("supervisor", supervisor, null),
    ...sizes.map(({ name, megabytes }) => figure(name, megabytes, null)),
    figure("all without the nodes", sum, goal),
  ];
}

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1000;
}
