import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { Figure } from "../figures.ts";
import { signIn } from "../person.ts";
import { newDataDir, removeDataDir, startProduct, type Product } from "../product.ts";

const settleMs = 10_000;
const idleGoal = 500;
const document = "assets/demo/National Archives strategic plan 2022-2026.pdf";
const question = "What will the National Archives be known for?";

/** Resident memory of every process of the product, idle and after work. */
export async function benchMemory(): Promise<readonly Figure[]> {
  const dataDir = await newDataDir();
  const product = await startProduct(dataDir);
  try {
    const figures: Figure[] = [];
    await delay(settleMs);
    figures.push(...(await residentSizes(product, "idle", idleGoal)));
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
