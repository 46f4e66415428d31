import { afterAll } from "vitest";
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
