import { createHash } from "node:crypto";
import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import * as schema from "../../../drizzle/schema/index.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type { Database } from "./typed-database.ts";

export interface DatabaseConnection {
  readonly db: Database;
  /**
   * The same, for what is asked with every question: each connection reads a statement once and, after some times, plans it once.
   * For statements of few different texts whose best plan does not depend on their values.
   */
  readonly preparing: Database;
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
  /** What the server's list of its clients says; without it that a Drover is one. */
  readonly applicationName?: string;
  readonly signal?: AbortSignal;
}

const connectTimeoutMs = 10_000;
/** Each connection keeps what it has prepared. */
const mostPrepared = 100;

/** The pool itself, but that it names its statements: what has a name is prepared. Transactions are as of the pool. */
function preparingPool(pool: pg.Pool): pg.Pool {
  const names = new Map<string, string>();
  const nameOf = (text: string): string | undefined => {
    const known = names.get(text);
    if (known !== undefined || names.size >= mostPrepared) return known;
    const name = createHash("sha1").update(text).digest("base64url");
    names.set(text, name);
    return name;
  };
  const query = (config: pg.QueryConfig, values?: unknown[]) => {
    const name = config.name ?? nameOf(config.text);
    return pool.query(name === undefined ? config : { ...config, name }, values);
  };
  const connect = () => pool.connect();
  return Object.create(pool, { query: { value: query }, connect: { value: connect } }) as pg.Pool;
}

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
    application_name: options.applicationName ?? "drover",
  });
  // An idle connection that the server ended is replaced at the next query; without a listener it would end the process.
  pool.on("error", () => undefined);
  try {
    const { rows } = await pool.query<{ version: string }>("SELECT version()");
    options.signal?.throwIfAborted();
    const engine = rows[0]?.version.includes("PGlite") === true ? "pglite" : "postgres";
    const db = drizzle(pool, { schema });
    const preparing = drizzle(preparingPool(pool), { schema });
    return { db, preparing, pool, engine, url: options.url, close: () => pool.end() };
  } catch (error) {
    await pool.end();
    options.signal?.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError("database_unavailable", { reason }, { cause: error });
  }
}
