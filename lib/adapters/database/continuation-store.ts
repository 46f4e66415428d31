import { and, eq, sql } from "drizzle-orm";
import { continuationTests } from "../../../drizzle/schema/index.ts";
import type { ContinuationStore } from "../../ports/continuation-store.ts";
import type { Database } from "./typed-database.ts";

export const createContinuationStore = (deps: { readonly db: Database }): ContinuationStore => ({
  async read({ digest, version }) {
    const [row] = await deps.db
      .select({ passed: continuationTests.passed })
      .from(continuationTests)
      .where(and(eq(continuationTests.digest, digest), eq(continuationTests.version, version)));
    return row?.passed ?? null;
  },
  async write({ digest, version }, passed) {
    await deps.db
      .insert(continuationTests)
      .values({ digest, version, passed })
      .onConflictDoUpdate({
        target: [continuationTests.digest, continuationTests.version],
        set: { passed, testedAt: sql`now()` },
      });
  },
});
