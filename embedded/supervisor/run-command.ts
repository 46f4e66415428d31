// node embedded/supervisor/run-command.ts [--nodes] FILE [arguments]: runs a command of lib/commands beside the running product, or with
// a database (and, asked for, nodes) started for it. The command finds DATABASE_URL and OLLAMA_NODES set, as it would on a server, and
// the product's address in DROVER_PORT.
import { join } from "node:path";
import type { Config } from "../../lib/config.ts";
import { attachToDatabase } from "./attach.ts";
import { attachToNodes } from "./attach-nodes.ts";
import { enterCommand } from "./command-entry.ts";
import { root } from "./product-parts.ts";
import { runFile } from "./run-file.ts";

async function run(config: Config, given: readonly string[]): Promise<number> {
  const wantsNodes = given[0] === "--nodes";
  const [file, ...args] = wantsNodes ? given.slice(1) : given;
  if (file === undefined) throw new Error("Say which command: run-command.ts FILE [arguments].");
  const database = await attachToDatabase(config);
  try {
    const isRunning = database.address !== null;
    const nodes = wantsNodes ? await attachToNodes(config, isRunning) : undefined;
    const port = database.address === null ? "" : new URL(database.address).port;
    try {
      return await runFile([join(root, file), ...args], {
        DATABASE_URL: database.url,
        DROVER_PORT: port === "" ? String(config.port) : port,
        ...(nodes?.list === undefined ? {} : { OLLAMA_NODES: nodes.list }),
      });
    } finally {
      await nodes?.release();
    }
  } finally {
    await database.release();
  }
}

await enterCommand(run);
