import { sql } from "drizzle-orm";
import {
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";

const at = (name: string) => timestamp(name, { withTimezone: true });

/** Work that survives a restart. A job runs under a lease; whoever completes it must still hold attempt number `attempt`. */
export const jobs = pgTable(
  "jobs",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    kind: text("kind").notNull(),
    /** Two open jobs never share one, e.g. `ingest:DOCUMENT`. */
    dedupeKey: text("dedupe_key"),
    payload: jsonb("payload").$type<Record<string, unknown>>().notNull(),
    status: text("status", {
      enum: ["waiting", "running", "complete", "cancelled", "expired", "dead"],
    })
      .notNull()
      .default("waiting"),
    priority: integer("priority").notNull().default(0),
    attempt: integer("attempt").notNull().default(0),
    maxAttempts: integer("max_attempts").notNull().default(3),
    runAfter: at("run_after").notNull().defaultNow(),
    leaseOwner: text("lease_owner"),
    leaseExpiresAt: at("lease_expires_at"),
    reason: text("reason"),
    createdAt: at("created_at").notNull().defaultNow(),
    endedAt: at("ended_at"),
  },
  (table) => [
    index("jobs_due_idx").on(table.status, table.runAfter),
    uniqueIndex("jobs_dedupe_key")
      .on(table.dedupeKey)
      .where(sql`status in ('waiting', 'running')`),
  ],
);
