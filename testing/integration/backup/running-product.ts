import { join } from "node:path";
import { acquireLock } from "../../../embedded/database/exclusive-lock.mjs";
import { databaseUrlOf } from "../../../embedded/database/address.ts";
import { socketFolder } from "../../../embedded/database/exclusive-lock.mjs";
import type { PartSpec } from "../../../embedded/supervisor/part-spec.ts";
import { createSupervisor } from "../../../embedded/supervisor/supervisor.ts";
import { databaseProgram } from "#testing/services/test-database.ts";

const standIn = join(import.meta.dirname, "../supervisor/stand-in.mjs");

export interface RunningProduct {
  readonly url: string;
  /** Process of a part as the state file has it. */
  readonly pidOf: (name: string) => number | null | undefined;
  readonly stop: () => Promise<void>;
}

/** The real supervisor over the real embedded database of a data folder, or over the Postgres given, and a stand-in for the app. */
export async function startRunningProduct(
  dataDir: string,
  postgresUrl?: string,
): Promise<RunningProduct> {
  const lock = await acquireLock(dataDir, "supervisor");
  if (lock.holder !== undefined) throw new Error("the data folder is locked");
  const part = (name: string, args: readonly string[], startWave: number): PartSpec => ({
    ...{ name, args: () => args, env: {}, niceness: 0, ready: "line", startWave },
    ...{ stopWave: 1 - startWave, stopWithinMs: 5_000 },
    logPath: join(dataDir, "logs", `${name}.log`),
  });
  const embeddedUrl = postgresUrl === undefined ? databaseUrlOf(socketFolder(dataDir)) : null;
  const database = part("database", [databaseProgram, "--data", dataDir], 0);
  const supervisor = createSupervisor({
    dataDir,
    parts: [
      ...(embeddedUrl === null ? [] : [database]),
      part("app", [standIn, "--name", "app", "--journal", join(dataDir, "journal")], 1),
    ],
    databaseUrl: embeddedUrl,
    report: () => undefined,
    backoffMs: () => 50,
  });
  await supervisor.start(new AbortController().signal);
  supervisor.publishAddress("http://127.0.0.1:1");
  return {
    url: embeddedUrl ?? postgresUrl ?? "",
    pidOf: (name) => supervisor.parts().find((each) => each.name === name)?.pid,
    stop: async () => {
      await supervisor.stop();
      lock.release();
    },
  };
}
