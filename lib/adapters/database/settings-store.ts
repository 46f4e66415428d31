import { eq, inArray, sql } from "drizzle-orm";
import { settings, users } from "../../../drizzle/schema/index.ts";
import type { SettingsStore } from "../../ports/settings-store.ts";
import type { Database } from "./typed-database.ts";

export const createSettingsStore = (deps: { readonly db: Database }): SettingsStore => ({
  read: () =>
    deps.db
      .select({
        key: settings.key,
        value: settings.value,
        changedAt: settings.changedAt,
        changedBy: users.name,
      })
      .from(settings)
      .leftJoin(users, eq(users.id, settings.changedBy)),

  async write(changes, userId) {
    const removed = [...changes].flatMap(([key, value]) => (value === null ? [key] : []));
    const written = [...changes].flatMap(([key, value]) =>
      value === null ? [] : [{ key, value, changedBy: userId }],
    );
    await deps.db.transaction(async (transaction) => {
      if (removed.length > 0)
        await transaction.delete(settings).where(inArray(settings.key, removed));
      if (written.length > 0)
        await transaction
          .insert(settings)
          .values(written)
          .onConflictDoUpdate({
            target: settings.key,
            set: {
              value: sql`excluded.value`,
              changedAt: sql`now()`,
              changedBy: sql`excluded.changed_by`,
            },
          });
    });
  },
});
