// node embedded/supervisor/run-command.ts [--nodes] FILE [arguments]: runs a command of lib/commands beside the running product, or with
// a database (and, asked for, nodes) started for it. The command finds DATABASE_URL and OLLAMA_NODES set, as it would on a server, and
// the product's address in DROVER_PORT.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseConfig } from "../../lib/config.ts";
import { isAppError } from "../../lib/core/errors/app-error.ts";
import { attachToDatabase } from "./attach.ts";
import { attachToNodes } from "./attach-nodes.ts";
import { root } from "./product-parts.ts";
import { sentenceFor } from "./setup-failure.ts";

async function run(given: readonly string[]): Promise<number> {
  const wantsNodes = given[0] === "--nodes";
  const [file, ...args] = wantsNodes ? given.slice(1) : given;
  if (file === undefined) throw new Error("Say which command: run-command.ts FILE [arguments].");
  process.chdir(root);
  if (existsSync(".env")) process.loadEnvFile(".env");
  const config = parseConfig(process.env);
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

/** @returns the exit code */
async function runFile(
  args: readonly string[],
  extra: Readonly<Record<string, string>>,
): Promise<number> {
  const child = spawn(process.execPath, args, {
    stdio: "inherit",
    env: { ...process.env, ...extra },
  });
  return new Promise((resolve) => {
    child.once("close", (code) => {
      resolve(code ?? 1);
    });
  });
}

try {
  process.exit(await run(process.argv.slice(2)));
} catch (error) {
  const faults = isAppError(error, "config_invalid") ? error.details.faults : [sentenceFor(error)];
  process.stderr.write(`${faults.join("\n")}\n`);
  process.exit(1);
}
