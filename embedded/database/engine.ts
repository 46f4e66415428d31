import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";

/**
 * Measured on an empty database: 128 MB of shared buffers (the default) cost 330 MB of resident memory, these 230 MB. The
 * engine has one backend and no background workers, so room for more only costs memory.
 */
const settings = ["shared_buffers = 32MB", "max_connections = 10", "max_worker_processes = 0"];
const marker = "# Drover's own settings";

/** Opens the folder, making the database first where there is none. */
export async function openEngine(databaseDir: string): Promise<PGlite> {
  if (!existsSync(join(databaseDir, "PG_VERSION"))) await initialiseApart(databaseDir);
  applySettings(databaseDir);
  const engine = await PGlite.create({ dataDir: databaseDir, extensions: { vector } });
  await engine.exec("CREATE EXTENSION IF NOT EXISTS vector");
  return engine;
}

/** In a process of its own: making a database takes 200 MB that its maker never gives back. */
async function initialiseApart(databaseDir: string): Promise<void> {
  const program = fileURLToPath(new URL("./initialise.ts", import.meta.url));
  const child = spawn(process.execPath, [program, databaseDir], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (bytes: Buffer) => (said += bytes.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`The database could not be made: ${said.trim().slice(-500)}`);
}

export async function initialise(databaseDir: string): Promise<void> {
  const engine = await PGlite.create({ dataDir: databaseDir, extensions: { vector } });
  await engine.close();
}

function applySettings(databaseDir: string): void {
  const path = join(databaseDir, "postgresql.conf");
  if (readFileSync(path, "utf8").includes(marker)) return;
  appendFileSync(path, ["", marker, ...settings, ""].join("\n"));
}
