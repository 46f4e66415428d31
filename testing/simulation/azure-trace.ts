import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createChance } from "./chance.ts";
import type { Experiment } from "./experiments.ts";
import { fourNodes, type Job } from "./workload.ts";

const file = join(import.meta.dirname, "../fixtures/load/azure-conv-sample.csv");
// A node of speed 1; the service of the trace ran on faster ones.
const prefillPerSecond = 2000;
const decodePerSecond = 50;

/**
 * Arrivals and sizes of a real chat service (sample of the Azure LLM inference trace 2023, CC BY 4.0), its clock stretched to the load.
 * Hints are off by a log-error of .8.
 */
export function realTrace(load: number): Experiment {
  const cluster = fourNodes();
  const rows = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => /^\d/.test(line))
    .map((line) => line.split(",").map(Number));
  const work = rows.map(([, input = 0, output = 0]) => ({
    prefillS: input / prefillPerSecond,
    decodeS: Math.max(output, 1) / decodePerSecond,
  }));
  const first = rows[0]?.[0] ?? 0;
  const spanS = ((rows.at(-1)?.[0] ?? 0) - first) / 1000;
  const workS = work.reduce((sum, { prefillS, decodeS }) => sum + prefillS + decodeS, 0);
  const stretch = workS / (load * 8 * spanS);
  const chance = createChance(7);
  const trace = rows.map(([atMs = 0], id): Job => {
    const { prefillS, decodeS } = work[id] ?? { prefillS: 0, decodeS: 0 };
    const at = ((atMs - first) / 1000) * stretch;
    const own = { model: 0, conversation: null, warmPrefillS: prefillS };
    const hintS = decodeS * Math.exp(0.8 * chance.normal());
    return { id, at, prefillS, decodeS, hintS, ...own };
  });
  return { traces: [trace], cluster };
}
