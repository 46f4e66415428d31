import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../lib/config.ts";
import { setupFailure } from "./setup-failure.ts";

/** Is there once the embedded database has moved to Postgres. */
export const movedMark = (dataDir: string): string => join(dataDir, "moved-to-postgres");

/** @throws Error with a sentence: going on with the old copy would make two Drovers of one. */
export function refuseMoved({ databaseUrl, dataDir }: Config): void {
  if (databaseUrl !== undefined || !existsSync(movedMark(dataDir))) return;
  throw setupFailure(
    `The data of this Drover has moved to Postgres. Set DATABASE_URL; or, to go on with the copy that stayed here, delete ${movedMark(dataDir)}.`,
  );
}
