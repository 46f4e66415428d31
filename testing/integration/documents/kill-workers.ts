import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { auditCorpus } from "./corpus-audit.ts";
import { type DocumentLine, projectRoot, startDocumentLine } from "./document-line.ts";

const program = join(projectRoot, "testing/services/ingest-worker/main.ts");
const leaseMs = 1_000;

/** A worker that stops before each step; `take` lets it take steps until one is refused, which kills it. */
async function runWorker(
  line: DocumentLine,
  watched: "watched" | "free",
  take: (step: string, count: number) => boolean,
): Promise<{ readonly steps: readonly string[]; kill(): Promise<void> }> {
  const args = [program, line.database.url, line.folder, String(leaseMs), watched];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close");
  const kill = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await ended;
  };
  const steps: string[] = [];
  const walk = async (): Promise<void> => {
    for await (const text of createInterface({ input: child.stdout })) {
      const said = JSON.parse(text) as { readonly step?: string; readonly ready?: boolean };
      if (said.ready === true && watched === "free") return;
      if (said.step === undefined) continue;
      steps.push(said.step);
      if (!take(said.step, steps.length)) {
        await kill();
        return;
      }
      child.stdin.write("go\n");
    }
  };
  if (watched === "watched") await walk();
  else void walk();
  return { steps, kill };
}

const text = (name: string): string =>
  Array.from(
    { length: 30 },
    (_, part) =>
      `Part ${String(part)} of ${name}. ${`The ${name} keeps number ${String(part)} in a drawer. `.repeat(14)}`,
  ).join("\n\n");

/** Seeded, so that a run can be repeated (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface KillReport {
  readonly kills: number;
  /** The step before or after which each kill happened. */
  readonly points: readonly string[];
  readonly halfVisible: number;
  readonly searchable: number;
  /** Why documents failed; only those whose every attempt was killed may. */
  readonly failures: readonly string[];
  readonly settledAfterMs: number;
  readonly faults: readonly string[];
}

async function halfVisible(line: DocumentLine): Promise<number> {
  const { rows } = await line.connection.pool.query<{ n: number }>(
    `select count(*)::int as n from documents d where d.published_version_id is not null
      and d.chunk_count <> (select count(*) from chunks k where k.version_id = d.published_version_id)`,
  );
  return rows[0]?.n ?? 0;
}

async function statuses(line: DocumentLine): Promise<Record<string, number>> {
  const { rows } = await line.connection.pool.query<{ status: string; n: number }>(
    "select status, count(*)::int as n from documents group by status",
  );
  return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
}

async function failures(line: DocumentLine): Promise<string[]> {
  const { rows } = await line.connection.pool.query<{ failure_reason: string }>(
    "select failure_reason from documents where status = 'failed'",
  );
  return rows.map((row) => row.failure_reason);
}

/**
 * Kills a worker process again and again, each at the step that `points` says (its number in the worker's life), then
 * lets one work and looks at what became of the documents.
 */
export async function killWorkers(points: readonly number[]): Promise<KillReport> {
  const line = await startDocumentLine();
  try {
    const collectionId = await line.newCollection();
    const killedAt: string[] = [];
    let half = 0;
    for (const [index, point] of points.entries()) {
      await line.upload(collectionId, `book${String(index)}.txt`, text(`book${String(index)}`));
      const { steps } = await runWorker(line, "watched", (_, count) => count < point);
      killedAt.push(steps.at(-1) ?? "");
      half += await halfVisible(line);
    }
    const restartedAt = performance.now();
    const last = await runWorker(line, "free", () => true);
    for (;;) {
      const now = await statuses(line);
      const open = (now["queued"] ?? 0) + (now["processing"] ?? 0);
      if (open === 0 || performance.now() - restartedAt > 60_000) break;
      await line.clock.sleep(200, new AbortController().signal);
    }
    const settledAfterMs = performance.now() - restartedAt;
    await last.kill();
    return {
      kills: points.length,
      points: killedAt,
      halfVisible: half,
      searchable: (await statuses(line))["ready"] ?? 0,
      failures: await failures(line),
      settledAfterMs,
      faults: await auditCorpus(line.connection),
    };
  } finally {
    await line.close();
  }
}
