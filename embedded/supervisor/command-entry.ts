import { existsSync } from "node:fs";
import { type Config, parseConfig } from "../../lib/config.ts";
import { isAppError } from "../../lib/core/errors/app-error.ts";
import { root } from "./product-parts.ts";
import { sentenceFor } from "./setup-failure.ts";

/** Runs what stands behind an `npm run` command with the configuration, and exits: faults are one sentence each. */
export async function enterCommand(
  run: (config: Config, given: readonly string[]) => Promise<number>,
): Promise<never> {
  try {
    process.chdir(root);
    if (existsSync(".env")) process.loadEnvFile(".env");
    process.exit(await run(parseConfig(process.env), process.argv.slice(2)));
  } catch (error) {
    const faults = isAppError(error, "config_invalid")
      ? error.details.faults
      : [sentenceFor(error)];
    process.stderr.write(`${faults.join("\n")}\n`);
    process.exit(1);
  }
}
