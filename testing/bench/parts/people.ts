import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { addMembers, signInMember } from "../accounts.ts";
import { quantile, type Figure } from "../figures.ts";
import { beginWithOneDocument } from "../filled-product.ts";
import { newDataDir, removeDataDir, startProduct, type Product } from "../product.ts";

const peopleCount = 500;
const streamCount = 50;
/** As an open page does (components/shell/status-line.tsx). */
const statusEveryMs = 10_000;
const sampleEveryMs = 2_000;
const probeEveryMs = 100;
const flatGoal = 1.05;
const probeGoalMs = 50;

/** 500 signed-in people with an open page and 50 event streams from one address: memory over time, and how late the server answers the simplest question. */
export async function benchPeople({
  minutes,
}: {
  readonly minutes?: string | undefined;
}): Promise<readonly Figure[]> {
  const lastsMs = Number(minutes ?? "2") * 60_000;
  const dataDir = await newDataDir();
  try {
    await beginWithOneDocument(dataDir);
    await addMembers(dataDir, peopleCount);
    const product = await startProduct(dataDir);
    try {
      return await measure(product, lastsMs);
    } finally {
      await product.stop();
    }
  } finally {
    await removeDataDir(dataDir);
  }
}

async function measure(product: Product, lastsMs: number): Promise<readonly Figure[]> {
  const { origin } = product;
  const cookies: string[] = [];
  const next = Array.from({ length: peopleCount }, (_, index) => index).values();
  const signInRest = async (): Promise<void> => {
    for (const index of next) cookies.push(await signInMember(origin, index));
  };
  await Promise.all([signInRest(), signInRest()]);
  const over = AbortSignal.timeout(lastsMs);
  const held = { open: 0, most: 0 };
  const probes: number[] = [];
  const sizes: number[] = [];
  const app = (await product.parts()).find(({ name }) => name === "app")?.pid ?? null;
  if (app === null) throw new Error("the app has no process");
  await Promise.all([
    ...cookies.map((cookie, index) => keepPageOpen(origin, cookie, index, over)),
    ...cookies.slice(0, streamCount).map((cookie) => keepStreamOpen(origin, cookie, over, held)),
    repeat(probeEveryMs, over, async () => {
      const before = performance.now();
      await (await fetch(`${origin}/healthz`)).text();
      probes.push(performance.now() - before);
    }),
    repeat(sampleEveryMs, over, async () => {
      sizes.push(await residentMegabytes(app));
    }),
  ]);
  return figuresOf({ lastsMs, sizes, probes, streams: held.most });
}

interface Measured {
  readonly lastsMs: number;
  readonly sizes: readonly number[];
  readonly probes: readonly number[];
  readonly streams: number;
}

function figuresOf({ lastsMs, sizes, probes, streams }: Measured): readonly Figure[] {
  const against = `${peopleCount} signed in from one address, ${String(streams)} streams, ${(lastsMs / 60_000).toFixed(1)} min, all on the same cores`;
  const figure = (name: string, value: number, unit: string, goal: number | null): Figure => ({
    ...{ part: "people", name, value, unit, goal, better: "lower", against },
  });
  const quarter = Math.floor(sizes.length / 4);
  const early = quantile(sizes.slice(quarter, 2 * quarter), 0.5);
  const late = quantile(sizes.slice(-quarter), 0.5);
  return [
    figure("memory of the last quarter ÷ of the second", late / early, "", flatGoal),
    figure("memory of the app at the end", late, "MB", null),
    figure("healthz p50", quantile(probes, 0.5), "ms", null),
    figure("healthz p99 (event loop and network)", quantile(probes, 0.99), "ms", probeGoalMs),
  ];
}

/** Runs the work at this pace until the signal aborts; a call that the end cuts off is no fault. */
async function repeat(
  everyMs: number,
  over: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  while (!over.aborted) {
    await work();
    await delay(everyMs, undefined, { signal: over }).catch(() => undefined);
  }
}

async function keepPageOpen(
  origin: string,
  cookie: string,
  index: number,
  over: AbortSignal,
): Promise<void> {
  await delay((statusEveryMs * index) / peopleCount);
  await repeat(statusEveryMs, over, async () => {
    await (await fetch(`${origin}/api/status`, { headers: { cookie } })).text();
  });
}

/** Asks and follows, one question after the other; waits where the server says that it is full. */
async function keepStreamOpen(
  origin: string,
  cookie: string,
  over: AbortSignal,
  held: { open: number; most: number },
): Promise<void> {
  await repeat(500, over, async () => {
    try {
      const response = await fetch(`${origin}/api/conversations`, {
        method: "POST",
        headers: {
          origin,
          cookie,
          "content-type": "application/json",
          accept: "text/event-stream",
        },
        body: JSON.stringify({ question: "What is a short text about?", collectionIds: [] }),
        signal: over,
      });
      held.open += 1;
      held.most = Math.max(held.most, held.open);
      await response.text().finally(() => {
        held.open -= 1;
      });
    } catch (error) {
      if (!over.aborted) throw error;
    }
  });
}

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1_000;
}
