import type { Config } from "../../lib/config.ts";
import { hasMoved, movedMark } from "../database/moved-mark.ts";
import { setupFailure } from "./setup-failure.ts";

/** @throws Error with a sentence: going on with the old copy would make two Drovers of one. */
export function refuseMoved({ databaseUrl, dataDir }: Config): void {
  if (databaseUrl !== undefined || !hasMoved(dataDir)) return;
  throw setupFailure(
    `The data of this Drover has moved to Postgres. Set DATABASE_URL; or, to go on with the copy that stayed here, delete ${movedMark(dataDir)}.`,
  );
}
