import { jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import { users } from "./accounts.ts";

/** What an admin changed while Drover ran; a setting that is not here has its default (lib/core/settings). */
export const settings = pgTable("settings", {
  /** `group.name`, e.g. `cluster.policy`. */
  key: text("key").primaryKey(),
  value: jsonb("value").$type<unknown>().notNull(),
  changedAt: timestamp("changed_at", { withTimezone: true }).notNull().defaultNow(),
  changedBy: text("changed_by").references(() => users.id, { onDelete: "set null" }),
});
