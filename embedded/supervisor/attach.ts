import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { join } from "node:path";
import type { Config } from "../../lib/config.ts";
import { lockHolder } from "../database/exclusive-lock.mjs";
import { root } from "./product-parts.ts";
import { setupFailure } from "./setup-failure.ts";
import { readState } from "./state-file.ts";

export interface AttachedDatabase {
  readonly url: string;
  /** Where the running product answers; null when it does not run. */
  readonly address: string | null;
  /** Stops the database if it was started for this. */
  readonly release: () => Promise<void>;
}

/**
 * The database that this configuration means: a named one, the running product's, or the embedded one started for the caller.
 * @throws Error with one sentence when it is not to be had.
 */
export async function attachToDatabase(config: Config): Promise<AttachedDatabase> {
  const release = (): Promise<void> => Promise.resolve();
  const running = (await lockHolder(config.dataDir, "supervisor")) !== undefined;
  const state = running ? readState(config.dataDir) : undefined;
  const address = state?.address ?? null;
  if (config.databaseUrl !== undefined) return { url: config.databaseUrl, address, release };
  if (state?.databaseUrl != null) return { url: state.databaseUrl, address, release };
  if (running) throw setupFailure("Drover is starting. Wait until it shows its address.");
  return { ...(await startForCaller(config)), address: null };
}

async function startForCaller(config: Config): Promise<Omit<AttachedDatabase, "address">> {
  const program = join(root, "embedded/database/main.ts");
  const child = spawn(process.execPath, [program, "--data", config.dataDir], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", resolve));
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as { readonly url?: string; readonly reason?: string };
    if (said.url === undefined) throw setupFailure(said.reason ?? "The database did not start.");
    return {
      url: said.url,
      release: async () => {
        child.kill("SIGTERM");
        await ended;
      },
    };
  }
  throw setupFailure("The database ended before it was ready.");
}
