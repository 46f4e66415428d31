// The work on documents as a process of its own, so that it can be killed: main.ts DATABASE_URL FILES_FOLDER LEASE_MS.
// Says `{"step": NAME}` on a line before each step and stops there until it is told `go` on standard input, or is killed.
import { createInterface } from "node:readline";
import { openDatabase } from "#lib/adapters/database/connection.ts";
import { createIngestStore } from "#lib/adapters/database/ingest-store.ts";
import { createPostgresJobQueue } from "#lib/adapters/database/postgres-job-queue.ts";
import { createLocalFileStore } from "#lib/adapters/files/local-file-store.ts";
import { createDocumentParser } from "#lib/adapters/parsers/document-parser.ts";
import { createSystemClock } from "#lib/adapters/system/clock.ts";
import { createIngestDocument } from "#lib/services/ingest-document.ts";
import { createJobWorkers } from "#lib/services/job-workers.ts";
import { createPurgeDocuments } from "#lib/services/purge-documents.ts";
import { hashingEmbedder } from "../hashing-embedder.ts";

const [url = "", folder = "", leaseMs = "1500", watched = "watched"] = process.argv.slice(2);
const connection = await openDatabase({ url, maxConnections: 3 });
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** Every call of these objects is a step: said before it begins and after it ended, so that both sides of it can be cut. */
function watch<T extends object>(name: string, target: T): T {
  if (watched !== "watched") return target;
  return new Proxy(target, {
    get: (object, key) => {
      const value: unknown = Reflect.get(object, key);
      if (typeof value !== "function") return value;
      return async (...args: readonly unknown[]): Promise<unknown> => {
        const step = async (moment: string): Promise<void> => {
          console.log(JSON.stringify({ step: `${moment} ${name}.${String(key)}` }));
          await answers.next();
        };
        // Polling and renewing go on all the time; cutting them is cutting whatever else runs.
        const isQuiet = [
          "renew",
          "purge",
          "refreshPlanner",
          "strayFiles",
          "rescue",
          "expire",
          "path",
        ];
        if (isQuiet.includes(String(key))) return Reflect.apply(value, object, args) as unknown;
        await step("before");
        const result: unknown = await Reflect.apply(value, object, args);
        if (key !== "lease" || result !== null) await step("after");
        return result;
      };
    },
  });
}

const database = connection.db;
const clock = createSystemClock();
const files = createLocalFileStore({ folder });
const store = watch("store", createIngestStore({ database }));
const workers = createJobWorkers({
  queue: watch("queue", createPostgresJobQueue({ database })),
  clock,
  owner: String(process.pid),
  leaseMs: Number(leaseMs),
  handlers: {
    ingest: createIngestDocument({
      store,
      parser: watch("parser", createDocumentParser({ projectRoot: process.cwd() })),
      files,
      models: watch("models", hashingEmbedder),
      clock,
    }),
  },
  sweep: createPurgeDocuments({ store, files, clock }),
  onFault: (error) => {
    console.log(JSON.stringify({ fault: String(error) }));
  },
});
console.log(JSON.stringify({ ready: true }));
await workers.run(new AbortController().signal);
