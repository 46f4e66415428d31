import { sql } from "drizzle-orm";
import { afterAll, expect, it } from "vitest";
import { type DatabaseConnection, openDatabase } from "#lib/adapters/database/connection.ts";
import { createPostgresJobQueue } from "#lib/adapters/database/postgres-job-queue.ts";
import { jobQueueContract } from "#testing/contracts/job-queue.ts";
import {
  startTestDatabase,
  testEngine,
  type TestDatabase,
} from "#testing/services/test-database.ts";

let database: TestDatabase | undefined;
let connection: DatabaseConnection | undefined;

jobQueueContract(`postgres on ${testEngine}`, async () => {
  database = await startTestDatabase();
  connection = await openDatabase({ url: database.url, maxConnections: 8 });
  return createPostgresJobQueue({ database: connection.db });
});

afterAll(async () => {
  await connection?.close();
  await database?.close();
});

/** For the rows it is the same whether they move ahead or the clock is set back. */
const setClockBack = () =>
  connection!.db.execute(
    sql`update jobs set created_at = created_at + interval '1 hour', run_after = run_after + interval '1 hour',
      lease_expires_at = lease_expires_at + interval '1 hour' where kind like 'clock%'`,
  );

it("goes on after the clock was set back: nothing waits until it has caught up, and one result counts", async () => {
  const queue = createPostgresJobQueue({ database: connection!.db });
  await queue.enqueue({ kind: "clock", payload: {} });
  await setClockBack();
  const first = await queue.lease(["clock"], "one", 10_000);
  expect(first).not.toBeNull();
  expect(await queue.lease(["clock"], "two", 10_000)).toBeNull();
  await setClockBack();
  const second = await queue.lease(["clock"], "two", 10_000);
  expect(second?.id).toBe(first!.id);
  expect(await queue.renew(first!, 10_000)).toBe(false);
  expect(await queue.complete(first!)).toBe(false);
  expect(await queue.complete(second!)).toBe(true);
});
