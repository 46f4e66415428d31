import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { PGlite } from "@electric-sql/pglite";
import type { WireServer } from "./wire-server.ts";

export interface ImageResult {
  readonly bytes: number;
  readonly tookMs: number;
  /** The longest time in which no statement could run because of the copy. */
  readonly heldMs: number;
}

/** Folders: where the originals of documents lie, and where those are kept that the copy's rows name. */
export interface Originals {
  readonly from: string;
  readonly to: string;
}

/**
 * Copies the running database to the folder `target`, which must not exist, without holding it up: what is copied while others
 * write is made whole by the write-ahead log, copied last, when the copy is opened. This is Postgres' own low-level backup
 * (PostgreSQL documentation, 25.3.4). The engine has no checkpointer, so no segment of the log goes away meanwhile, as long as
 * nobody else asks for a checkpoint. The folder gets its name when all of it is on the disk.
 * @throws Error with a sentence; nothing stays behind then.
 */
export async function writeImage(
  engine: PGlite,
  wire: Pick<WireServer, "exclusively">,
  databaseDir: string,
  target: string,
  originals?: Originals,
): Promise<ImageResult> {
  const startedAtMs = performance.now();
  const turns = createTimedTurns(wire);
  // Twice: after the first one the second, with which the copy begins, has next to nothing to write.
  await turns.run(() => engine.exec("CHECKPOINT"));
  const first = await turns.run(() => startBackup(engine));
  let isOpen = true;
  const copier = startCopier(databaseDir, target, originals);
  try {
    await copier.said("copied");
    const end = await turns.run(() => stopBackup(engine));
    isOpen = false;
    copier.tell({ label: end.label, first: first.segment, last: end.segment });
    const bytes = Number(await copier.said("bytes"));
    const tookMs = Math.round(performance.now() - startedAtMs);
    return { bytes, tookMs, heldMs: Math.round(turns.longestMs()) };
  } finally {
    copier.end();
    if (isOpen) await turns.run(() => stopBackup(engine));
  }
}

function createTimedTurns(wire: Pick<WireServer, "exclusively">) {
  let longestMs = 0;
  return {
    longestMs: () => longestMs,
    run: async <T>(work: () => Promise<T>): Promise<T> => {
      const done: T[] = [];
      await wire.exclusively(async () => {
        const beganAtMs = performance.now();
        done.push(await work());
        longestMs = Math.max(longestMs, performance.now() - beganAtMs);
      });
      return done[0] as T;
    },
  };
}

async function startBackup(engine: PGlite): Promise<{ readonly segment: string }> {
  const { rows } = await engine.query<{ segment: string }>(
    `SELECT pg_walfile_name(pg_backup_start('drover', true)) AS segment`,
  );
  if (rows[0] === undefined) throw new Error("The database did not begin the copy.");
  return rows[0];
}

async function stopBackup(engine: PGlite): Promise<{ label: string; segment: string }> {
  const { rows } = await engine.query<{ label: string; segment: string }>(
    `SELECT labelfile AS label, pg_walfile_name(lsn) AS segment FROM pg_backup_stop(false)`,
  );
  if (rows[0] === undefined) throw new Error("The database did not end the copy.");
  return rows[0];
}

type Said = Readonly<Record<string, unknown>>;

interface Copier {
  /** The value that it says under this name next. */
  readonly said: (name: string) => Promise<unknown>;
  readonly tell: (line: object) => void;
  readonly end: () => void;
}

function startCopier(databaseDir: string, target: string, originals?: Originals): Copier {
  const program = fileURLToPath(new URL("./image-copier.ts", import.meta.url));
  const kept = originals === undefined ? [] : [originals.from, originals.to];
  const child: ChildProcess = spawn(process.execPath, [program, databaseDir, target, ...kept], {
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, UV_THREADPOOL_SIZE: "8" },
  });
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error("The copying did not start.");
  stdin.on("error", () => undefined); // it has ended: what it said last tells why
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  return {
    said: async (name) => {
      const next = await lines.next();
      const said = next.done === true ? {} : (JSON.parse(next.value) as Said);
      if (name in said) return said[name];
      const reason = typeof said["reason"] === "string" ? said["reason"] : "the copying was ended";
      throw new Error(`The database could not be copied: ${reason}.`);
    },
    tell: (line) => stdin.write(`${JSON.stringify(line)}\n`),
    end: () => stdin.end(),
  };
}
