import { existsSync } from "node:fs";
import { join } from "node:path";

/** Is there once the embedded database of this data folder has moved to Postgres. */
export const movedMark = (dataDir: string): string => join(dataDir, "moved-to-postgres");

export const hasMoved = (dataDir: string): boolean => existsSync(movedMark(dataDir));
