import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { constants } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openDatabase } from "#lib/adapters/database/connection.ts";
import { migrateDatabase } from "#lib/adapters/database/migrate.ts";
import { startProgram, type ChildProgram } from "./child-program.ts";
import { startPostgres } from "./postgres.ts";

export interface TestDatabase {
  readonly url: string;
  readonly engine: "pglite" | "postgres";
  readonly close: () => Promise<void>;
}

const root = fileURLToPath(new URL("../../", import.meta.url));
export const migrationsDir = join(root, "drizzle/migrations");
export const databaseProgram = join(root, "embedded/database/main.ts");

/** `TEST_DATABASE=postgres` runs the same suites on a real Postgres. */
export const testEngine = process.env["TEST_DATABASE"] === "postgres" ? "postgres" : "pglite";

/** A database of the caller's own, with every migration applied and no rows. */
export async function startTestDatabase(): Promise<TestDatabase> {
  return testEngine === "postgres" ? startOnPostgres() : startEmbedded();
}

/** @param kept as of `startPostgres` */
export async function startOnPostgres(kept?: string): Promise<TestDatabase> {
  const server = await startPostgres(kept);
  await migrate(server.url);
  return { url: server.url, engine: "postgres", close: server.close };
}

async function startEmbedded(): Promise<TestDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), "drover-test-"));
  await fillDataFolder(dataDir);
  const { program, url } = await startEmbeddedDatabase(dataDir);
  const close = async (): Promise<void> => {
    await program.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { url, engine: "pglite", close };
}

/** Puts a database with every migration applied into an empty data folder, without starting it. */
export async function fillDataFolder(dataDir: string): Promise<void> {
  await copyTree(await embeddedTemplate(), join(dataDir, "database"));
}

/** The embedded database's own program over a folder, as the supervisor starts it. */
export async function startEmbeddedDatabase(
  dataDir: string,
): Promise<{ readonly program: ChildProgram; readonly url: string }> {
  const program = await startProgram([databaseProgram, "--data", dataDir]);
  const { url, reason } = program.firstLine;
  if (typeof url !== "string") throw new Error(String(reason));
  return { program, url };
}

async function migrate(url: string): Promise<void> {
  const connection = await openDatabase({ url, maxConnections: 1 });
  try {
    await migrateDatabase(connection, { migrationsDir, snapshotDir: tmpdir() });
  } finally {
    await connection.close();
  }
}

const copyTree = (from: string, to: string): Promise<void> =>
  cp(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE });

/** Made once for each set of migrations, then copied: a start costs 0.5 s instead of 3. */
const embeddedTemplate = (): Promise<string> =>
  keptFolder("database", [], async (dataDir) => {
    const { program, url } = await startEmbeddedDatabase(dataDir);
    try {
      await migrate(url);
    } finally {
      await program.stop();
    }
    return join(dataDir, "database");
  });

/** Fills a new folder with a copy of what `make` made once, for this set of migrations and these words. */
export async function fillFromKept(
  dataDir: string,
  name: string,
  madeOf: readonly string[],
  make: (dataDir: string) => Promise<void>,
): Promise<void> {
  const kept = await keptFolder(name, madeOf, (folder) => make(folder).then(() => folder));
  await copyTree(kept, dataDir);
}

/** @param make answers which folder is kept, below the one it is given */
async function keptFolder(
  name: string,
  madeOf: readonly string[],
  make: (folder: string) => Promise<string>,
): Promise<string> {
  const cacheDir = join(root, "node_modules/.cache/drover");
  const kept = join(cacheDir, `${name}-${await fingerprint(madeOf)}`);
  if (await exists(kept)) return kept;
  await mkdir(cacheDir, { recursive: true });
  const making = await mkdtemp(join(cacheDir, "making-"));
  const made = await make(making);
  try {
    await rename(made, kept);
  } catch (error) {
    if (!(await exists(kept))) throw error; // else another worker was first
  }
  await rm(making, { recursive: true, force: true });
  return kept;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

async function fingerprint(madeOf: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  const files = (await readdir(migrationsDir, { recursive: true })).filter((name) =>
    name.endsWith(".sql"),
  );
  const sources = files.sort().map((name) => join(migrationsDir, name));
  sources.push(
    join(root, "embedded/database/engine.ts"),
    join(root, "node_modules/@electric-sql/pglite/package.json"),
    join(root, "lib/adapters/database/migrate.ts"),
  );
  for (const path of sources) hash.update(await readFile(path));
  for (const words of madeOf) hash.update(words);
  return hash.digest("hex").slice(0, 16);
}
