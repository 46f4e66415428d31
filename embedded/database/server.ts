import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { databaseUrlOf } from "./address.ts";
import { startControlServer } from "./control-server.ts";
import { acquireLock, socketFolder } from "./exclusive-lock.mjs";
import { startHousekeeping } from "./housekeeping.ts";
import { writeImage } from "./image.ts";
import { hasMoved } from "./moved-mark.ts";
import { createOneAtATime } from "./one-at-a-time.ts";
import { finishRestore } from "./restored-database.ts";
import { startWireServer, type WireServer } from "./wire-server.ts";
import { createWriteHold } from "./write-hold.ts";

export interface DatabaseOptions {
  /** The product's data folder: the database lives in its folder `database`. */
  readonly dataDir: string;
  readonly maxConnections: number;
  /** Called when somebody asks through the control socket to stop. */
  readonly requestStop: () => void;
}

export interface RunningDatabase {
  /** For `pg`: the unix socket as a Postgres address. */
  readonly url: string;
  readonly controlPath: string;
  readonly close: () => Promise<void>;
}

const idleTransactionMs = 60_000;

/**
 * Opens the embedded database of a data folder for every process of this machine.
 * @throws Error with a sentence when another process has it open.
 */
export async function startDatabase(options: DatabaseOptions): Promise<RunningDatabase> {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const lock = await acquireLock(options.dataDir, "database");
  if (lock.holder !== undefined) {
    throw new Error(
      `The database in ${options.dataDir} is open in process ${String(lock.holder.pid)} on ${lock.holder.host}. Stop that one first.`,
    );
  }
  try {
    finishRestore(options.dataDir);
    const databaseDir = join(options.dataDir, "database");
    // Only now: those who are refused need not load the engine.
    const { openEngine } = await import("./engine.ts");
    const engine = await openEngine(databaseDir);
    return await serve(options, engine, databaseDir, lock.release);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function serve(
  options: DatabaseOptions,
  engine: PGlite,
  databaseDir: string,
  release: () => void,
): Promise<RunningDatabase> {
  const folder = socketFolder(options.dataDir);
  const socketPath = join(folder, ".s.PGSQL.5432");
  const controlPath = join(folder, "control");
  rmSync(socketPath, { force: true }); // left by a killed owner: the lock says that nobody listens
  rmSync(controlPath, { force: true });
  const { maxConnections } = options;
  const wire: WireServer = await startWireServer({
    engine,
    socketPath,
    maxConnections,
    idleTransactionMs,
  });
  const startedAtMs = Date.now();
  const writes = createWriteHold(engine, wire, () => hasMoved(options.dataDir));
  if (hasMoved(options.dataDir)) await writes.begin();
  // A checkpoint would take away the log that a copy still needs.
  const upkeep = createOneAtATime();
  const housekeeping = startHousekeeping(engine, wire, upkeep);
  const control = await startControlServer(controlPath, {
    state: () => ({
      pid: process.pid,
      uptimeMs: Date.now() - startedAtMs,
      connections: wire.connections(),
      residentBytes: process.memoryUsage.rss(),
    }),
    image: (path, originals) =>
      upkeep(() => writeImage(engine, wire, databaseDir, path, originals)),
    hold: () => writes.begin(),
    stop: options.requestStop,
  });
  return {
    url: databaseUrlOf(folder),
    controlPath,
    close: async () => {
      housekeeping.stop();
      control.close();
      await wire.close();
      await engine.close();
      release();
    },
  };
}
