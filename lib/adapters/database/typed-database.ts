import type { NodePgDatabase } from "drizzle-orm/node-postgres";
import type * as schema from "../../../drizzle/schema/index.ts";

/** Drizzle on `pg` with the whole schema; an open transaction fits too. */
export type Database = NodePgDatabase<typeof schema>;
