import { createHash } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { PoolClient } from "pg";
import { AppError } from "../../core/errors/app-error.ts";
import type { DatabaseConnection } from "./connection.ts";
import { writeEmbeddedImage } from "./embedded-control.ts";

export interface MigrateOptions {
  /** Folder of drizzle's migrations: `meta/_journal.json` and one `.sql` file a step. */
  readonly migrationsDir: string;
  /** Where the embedded database is copied to before its data changes shape. */
  readonly snapshotDir: string;
  /** Told in a sentence what happens, for the log. */
  readonly report?: (sentence: string) => void;
}

interface Step {
  readonly position: number;
  readonly tag: string;
  readonly statements: readonly string[];
  readonly hash: string;
}

interface AppliedStep {
  readonly position: number;
  readonly tag: string;
  readonly hash: string;
}

/** Any number; the same for every replica. */
const advisoryLockKey = 7_266_337;

/** Until the transaction that `client` has begun ends, every Drover that starts waits before it reads anything. */
export const holdStarts = (client: PoolClient): Promise<unknown> =>
  client.query("SELECT pg_advisory_xact_lock($1)", [advisoryLockKey]);
const breakpoint = "--> statement-breakpoint";

/**
 * Brings the data to the shape that this program knows, one transaction a step. Several replicas may call it at once.
 * @returns the names of the steps it applied.
 * @throws AppError `database_newer` when the data was written by a program with other steps; nothing is changed then.
 */
export async function migrateDatabase(
  connection: DatabaseConnection,
  options: MigrateOptions,
): Promise<readonly string[]> {
  const steps = await readSteps(options.migrationsDir);
  const client = await connection.pool.connect();
  try {
    // On the embedded database advisory locks are no locks, but only one app opens it, and each step checks again below.
    await client.query("SELECT pg_advisory_lock($1)", [advisoryLockKey]);
    const applied = await readApplied(client);
    refuseForeignSteps(steps, applied);
    const missing = steps.slice(applied.length);
    if (missing.length > 0 && applied.length > 0) await copyBefore(connection, options, missing);
    if (missing.length > 0) await installVector(client);
    for (const step of missing) await applyStep(client, step);
    return missing.map((step) => step.tag);
  } finally {
    await client.query("SELECT pg_advisory_unlock($1)", [advisoryLockKey]).catch(() => undefined);
    client.release();
  }
}

async function readSteps(dir: string): Promise<readonly Step[]> {
  const journal = JSON.parse(await readFile(join(dir, "meta/_journal.json"), "utf8")) as {
    readonly entries: readonly { readonly idx: number; readonly tag: string }[];
  };
  return Promise.all(
    journal.entries.map(async ({ tag }, position) => {
      const text = await readFile(join(dir, `${tag}.sql`), "utf8");
      const statements = text
        .split(breakpoint)
        .map((statement) => statement.trim())
        .filter((statement) => statement !== "");
      return { position, tag, statements, hash: createHash("sha256").update(text).digest("hex") };
    }),
  );
}

async function readApplied(client: PoolClient): Promise<readonly AppliedStep[]> {
  await client.query(
    `CREATE TABLE IF NOT EXISTS applied_migrations (
       position integer PRIMARY KEY, tag text NOT NULL, hash text NOT NULL,
       applied_at timestamptz NOT NULL DEFAULT now())`,
  );
  const { rows } = await client.query<AppliedStep>(
    "SELECT position, tag, hash FROM applied_migrations ORDER BY position",
  );
  return rows;
}

function refuseForeignSteps(steps: readonly Step[], applied: readonly AppliedStep[]): void {
  for (const done of applied) {
    const known = steps[done.position];
    if (known === undefined) {
      const reason = `the data has the step ${done.tag}, which this program does not know`;
      throw new AppError("database_newer", { reason });
    }
    if (known.hash !== done.hash) {
      const reason = `the step ${done.tag} of the data is not the one that this program has`;
      throw new AppError("database_newer", { reason });
    }
  }
}

/** @throws AppError `database_newer` when this program does not know one of these steps, in this order. */
export async function requireKnownSteps(
  migrationsDir: string,
  steps: readonly { readonly tag: string; readonly hash: string }[],
): Promise<void> {
  const applied = steps.map((step, position) => ({ ...step, position }));
  refuseForeignSteps(await readSteps(migrationsDir), applied);
}

/**
 * Makes an empty schema the shape that `steps` led to, within the transaction that `client` has begun: the first of its search path,
 * named by `schema` where that is not the one that the steps are written for.
 * @throws AppError `database_newer` when this program does not know one of them.
 */
export async function applyStepsOf(
  client: PoolClient,
  migrationsDir: string,
  steps: readonly { readonly tag: string; readonly hash: string }[],
  schema?: string,
): Promise<void> {
  await requireKnownSteps(migrationsDir, steps);
  await readApplied(client);
  const known = await readSteps(migrationsDir);
  for (const step of known.slice(0, steps.length)) await runStep(client, step, schema);
}

async function copyBefore(
  connection: DatabaseConnection,
  options: MigrateOptions,
  missing: readonly Step[],
): Promise<void> {
  const report = options.report ?? (() => undefined);
  if (connection.engine === "postgres") {
    report("The data is about to change shape. A backup of this Postgres is its operator's.");
    return;
  }
  const folder = join(options.snapshotDir, `before-${missing[0]?.tag ?? "migration"}`);
  await rm(folder, { recursive: true, force: true }); // of an earlier try: the data is as it was then, or newer
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { bytes, tookMs } = await writeEmbeddedImage(connection.url, join(folder, "database"));
  const size = `${String(Math.round(bytes / 1e6))} MB in ${String(tookMs)} ms`;
  report(`Copied the database to ${folder} (${size}) before its data changes shape.`);
}

/** @throws AppError `database_unavailable` when this Postgres has no pgvector for it. */
export async function installVector(client: PoolClient): Promise<void> {
  const { rowCount } = await client.query("SELECT 1 FROM pg_extension WHERE extname = 'vector'");
  if (rowCount !== 0) return;
  try {
    await client.query("CREATE EXTENSION IF NOT EXISTS vector");
  } catch (error) {
    const reason =
      "this Postgres has no pgvector that Drover may install: run CREATE EXTENSION vector as its owner";
    throw new AppError("database_unavailable", { reason }, { cause: error });
  }
}

async function applyStep(client: PoolClient, step: Step): Promise<void> {
  await client.query("BEGIN");
  try {
    await runStep(client, step);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/** What drizzle writes before the name of a table that a foreign key points to. */
const writtenSchema = '"public".';

async function runStep(client: PoolClient, step: Step, schema?: string): Promise<void> {
  for (const statement of step.statements)
    await client.query(
      schema === undefined ? statement : statement.replaceAll(writtenSchema, `"${schema}".`),
    );
  await client.query("INSERT INTO applied_migrations (position, tag, hash) VALUES ($1, $2, $3)", [
    step.position,
    step.tag,
    step.hash,
  ]);
}
