import type { Config } from "../../lib/config.ts";
import { lockHolder } from "../database/exclusive-lock.mjs";
import { startDatabaseChild } from "./database-child.ts";
import { refuseMoved } from "./moved-mark.ts";
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
  refuseMoved(config);
  const { url, stop } = await startDatabaseChild(config.dataDir);
  return { url, address: null, release: stop };
}
