// node embedded/supervisor/run-command.ts FILE [arguments]: runs a command of lib/commands beside the running product, or with a
// database started for it. The command finds DATABASE_URL set, as it would on a server, and the product's address in DROVER_PORT.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseConfig } from "../../lib/config.ts";
import { isAppError } from "../../lib/core/errors/app-error.ts";
import { attachToDatabase } from "./attach.ts";
import { root } from "./product-parts.ts";
import { sentenceFor } from "./setup-failure.ts";

async function run([file, ...args]: readonly string[]): Promise<number> {
  if (file === undefined) throw new Error("Say which command: run-command.ts FILE [arguments].");
  process.chdir(root);
  if (existsSync(".env")) process.loadEnvFile(".env");
  const config = parseConfig(process.env);
  const database = await attachToDatabase(config);
  const port = database.address === null ? "" : new URL(database.address).port;
  try {
    const child = spawn(process.execPath, [join(root, file), ...args], {
      stdio: "inherit",
      env: {
        ...process.env,
        DATABASE_URL: database.url,
        DROVER_PORT: port === "" ? String(config.port) : port,
      },
    });
    return await new Promise((resolve) => {
      child.once("close", (code) => {
        resolve(code ?? 1);
      });
    });
  } finally {
    await database.release();
  }
}

try {
  process.exit(await run(process.argv.slice(2)));
} catch (error) {
  const faults = isAppError(error, "config_invalid") ? error.details.faults : [sentenceFor(error)];
  process.stderr.write(`${faults.join("\n")}\n`);
  process.exit(1);
}
