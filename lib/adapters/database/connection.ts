import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import * as schema from "../../../drizzle/schema/index.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type { Database } from "./typed-database.ts";

export interface DatabaseConnection {
  readonly db: Database;
  readonly pool: pg.Pool;
  readonly engine: "pglite" | "postgres";
  readonly url: string;
  /** Ends every connection once what it runs has ended. */
  readonly close: () => Promise<void>;
}

export interface OpenDatabaseOptions {
  readonly url: string;
  /** Connections at most, 1 or more. */
  readonly maxConnections: number;
  readonly signal?: AbortSignal;
}

const connectTimeoutMs = 10_000;

/**
 * Connects to Postgres or to the embedded database: the wire protocol is the same, and so is this code.
 * @throws AppError `database_unavailable` when nobody answers or the server refuses.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<DatabaseConnection> {
  options.signal?.throwIfAborted();
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    application_name: "drover",
  });
  // An idle connection that the server ended is replaced at the next query; without a listener it would end the process.
  pool.on("error", () => undefined);
  try {
    const { rows } = await pool.query<{ version: string }>("SELECT version()");
    options.signal?.throwIfAborted();
    const engine = rows[0]?.version.includes("PGlite") === true ? "pglite" : "postgres";
    const db = drizzle(pool, { schema });
    return { db, pool, engine, url: options.url, close: () => pool.end() };
  } catch (error) {
    await pool.end();
    options.signal?.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError("database_unavailable", { reason }, { cause: error });
  }
}
