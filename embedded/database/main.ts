// node embedded/database/main.ts --data FOLDER [--max-connections N]
// Prints one line of JSON: {"ready":true,…}, or {"ready":false,"reason":…} and ends with 1. Ends when its standard input does.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { startDatabase } from "./server.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    "max-connections": { type: "string", default: "40" },
  },
});

const say = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

async function run(): Promise<void> {
  if (values.data === undefined) throw new Error("Say which folder: --data FOLDER.");
  const stopping = new AbortController();
  const stop = (): void => {
    stopping.abort();
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  process.stdin.resume().on("end", stop).on("error", stop);
  const database = await startDatabase({
    dataDir: resolve(values.data),
    maxConnections: Number(values["max-connections"]),
    requestStop: stop,
  });
  say({ ready: true, pid: process.pid, url: database.url, control: database.controlPath });
  if (!stopping.signal.aborted) {
    await new Promise<void>((done) => {
      stopping.signal.addEventListener("abort", () => {
        done();
      });
    });
  }
  await database.close();
}

try {
  await run();
  process.exit(0);
} catch (error) {
  say({ ready: false, reason: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}
