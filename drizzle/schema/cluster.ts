import { boolean, integer, pgTable, primaryKey, real, text, timestamp } from "drizzle-orm/pg-core";
import { users } from "./accounts.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });

/** What admins decided about nodes: one they added, or what they changed of one that the environment or the name service gives. */
export const clusterNodes = pgTable("cluster_nodes", {
  id: text("id").primaryKey(),
  /** Set for a node that an admin added; null = the address it is given elsewhere. */
  baseUrl: text("base_url"),
  /** Null = as given elsewhere. */
  slots: integer("slots"),
  weight: real("weight"),
  isDraining: boolean("is_draining").notNull().default(false),
  /** Taken out for good although it is still given elsewhere. */
  isRemoved: boolean("is_removed").notNull().default(false),
  changedAt: at("changed_at").notNull().defaultNow(),
  changedBy: text("changed_by").references(() => users.id, { onDelete: "set null" }),
});

/** Whether weights on a server's version go on exactly with a text that was cut: tested once. */
export const continuationTests = pgTable(
  "continuation_tests",
  {
    digest: text("digest").notNull(),
    version: text("version").notNull(),
    passed: boolean("passed").notNull(),
    testedAt: at("tested_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.digest, table.version] })],
);
