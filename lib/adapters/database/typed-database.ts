import type { NodePgQueryResultHKT } from "drizzle-orm/node-postgres";
import type { PgDatabase } from "drizzle-orm/pg-core";
import type * as schema from "../../../drizzle/schema/index.ts";

/** Drizzle on `pg` with the whole schema; an open transaction fits too. */
export type Database = PgDatabase<NodePgQueryResultHKT, typeof schema>;
