import { setTimeout as delay } from "node:timers/promises";
import { Agent, fetch } from "undici";
import { questionOf } from "./busy-workspace.ts";
import { lateShareBetween, startIdleProgram, type DelayBound } from "./loop-delay.ts";

/** A page asks more seldom than the server keeps a connection; one that is taken up again as the server closes it would fail here, where a browser asks anew. */
const dispatcher = new Agent({ pipelining: 0 });

/** As an open page asks (components/shell/status-line.tsx). */
const statusEveryMs = 10_000;
const sampleEveryMs = 2_000;

export interface ManyPeople {
  /** Most answers that were followed at the same time. */
  readonly mostStreams: number;
  /** Resident memory of the web process over the time, bytes. */
  readonly memory: readonly number[];
  /** Answers that came to their end. */
  readonly answered: number;
  /** Share of moments, 0 to 1, in which the event loop was later. */
  readonly lateShare: (seconds: DelayBound) => number;
  /** The same of a program that did nothing meanwhile: what the machine is to blame for. */
  readonly idleLateShare: (seconds: DelayBound) => number;
  /** Answers other than what was asked for or a request to wait: status and body. */
  readonly faults: readonly string[];
}

interface Load {
  readonly origin: string;
  /** Opens /metrics. */
  readonly metricsToken: string;
  /** One of each signed-in person. */
  readonly cookies: readonly string[];
  readonly streams: number;
  readonly lastsMs: number;
}

interface Held {
  open: number;
  most: number;
  answered: number;
  readonly faults: string[];
}

/** People with an open page each, of whom the first `streams` ask one question after the other and follow the answers, all from this address. */
export async function holdManyPeople(load: Load): Promise<ManyPeople> {
  const over = AbortSignal.timeout(load.lastsMs);
  const held: Held = { open: 0, most: 0, answered: 0, faults: [] };
  const memory: number[] = [];
  const before = await readMetrics(load);
  const idle = startIdleProgram();
  await Promise.all([
    ...load.cookies.map((cookie, index) => keepPageOpen(load, cookie, index, { over, held })),
    ...load.cookies
      .slice(0, load.streams)
      .map((cookie, index) => keepAsking(load.origin, cookie, index, { over, held })),
    repeat(sampleEveryMs, over, async () => {
      memory.push(memoryIn(await readMetrics(load)));
    }),
  ]);
  const after = await readMetrics(load);
  const idleLateShare = await idle.stop();
  return {
    memory,
    mostStreams: held.most,
    faults: held.faults,
    answered: held.answered,
    lateShare: (seconds) => lateShareBetween(before, after, seconds),
    idleLateShare,
  };
}

/** The engine takes room for garbage by steps in its first minutes under load (× 1.05 to 1.155 seen, 111 MB live after a collection); a leak goes on growing. */
export const flatGrowth = (minutes: number): number => (minutes > 2 ? 1.1 : 1.2);

/** Growth of a series: the middle of its last quarter by that of its second; the first is warming up. */
export function growthOf(values: readonly number[]): number {
  const quarter = Math.floor(values.length / 4);
  const middle = (part: readonly number[]): number =>
    part.toSorted((a, b) => a - b)[Math.floor(part.length / 2)] ?? Number.NaN;
  return middle(values.slice(-quarter)) / middle(values.slice(quarter, 2 * quarter));
}

async function readMetrics({ origin, metricsToken }: Load): Promise<string> {
  const headers = { authorization: `Bearer ${metricsToken}` };
  const response = await fetch(`${origin}/metrics`, { headers, dispatcher });
  if (!response.ok) throw new Error(`/metrics: ${String(response.status)}`);
  return response.text();
}

const memoryIn = (metrics: string): number =>
  Number(/^drover_resident_memory_bytes (\d+)$/mu.exec(metrics)?.[1]);

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

interface Time {
  readonly over: AbortSignal;
  readonly held: Held;
}

async function keepPageOpen(load: Load, cookie: string, index: number, time: Time): Promise<void> {
  await delay((statusEveryMs * index) / load.cookies.length);
  await repeat(statusEveryMs, time.over, async () => {
    const response = await fetch(`${load.origin}/api/status`, {
      headers: { cookie },
      dispatcher,
    });
    const text = await response.text();
    if (!response.ok) time.held.faults.push(`${String(response.status)} ${text}`);
  });
}

const pauseMs = 500;

async function keepAsking(
  origin: string,
  cookie: string,
  index: number,
  { over, held }: Time,
): Promise<void> {
  await repeat(pauseMs, over, async () => {
    try {
      await followOne(origin, cookie, questionOf(index), { over, held });
    } catch (error) {
      if (!over.aborted) throw error;
    }
  });
}

async function followOne(
  origin: string,
  cookie: string,
  question: string,
  { over, held }: Time,
): Promise<void> {
  const response = await fetch(`${origin}/api/conversations`, {
    method: "POST",
    headers: { origin, cookie, "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ question, collectionIds: [] }),
    signal: over,
    dispatcher,
  });
  if (!response.ok) {
    const text = await response.text();
    const after = response.headers.get("retry-after");
    if (after === null || !text.includes("cluster_saturated"))
      held.faults.push(`${String(response.status)} ${text}`);
    await delay(Number(after ?? "1") * 1_000, undefined, { signal: over });
    return;
  }
  held.open += 1;
  held.most = Math.max(held.most, held.open);
  const events = await response.text().finally(() => {
    held.open -= 1;
  });
  if (events.includes('"type":"text-delta"') && events.includes('"outcome":"complete"'))
    held.answered += 1;
  else held.faults.push(events.slice(-500));
}
