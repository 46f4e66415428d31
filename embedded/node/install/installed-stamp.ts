import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Stands beside each model file (`FILE.json`): the checksum was taken once; size and time tell that it still holds. */
export interface InstalledStamp {
  readonly name: string;
  readonly file: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly sha256: string;
  readonly source: string;
}

const stampPath = (modelsDir: string, file: string): string => join(modelsDir, `${file}.json`);

/** The stamp of a file that is there and unchanged since it was verified, else undefined. */
export const readStamp = async (
  modelsDir: string,
  file: string,
): Promise<InstalledStamp | undefined> => {
  try {
    const [text, stats] = await Promise.all([
      readFile(stampPath(modelsDir, file), "utf8"),
      stat(join(modelsDir, file)),
    ]);
    const stamp = JSON.parse(text) as InstalledStamp;
    return stamp.size === stats.size && stamp.mtimeMs === stats.mtimeMs ? stamp : undefined;
  } catch {
    return undefined; // absent or unreadable: the model counts as not installed and is verified again
  }
};

export const writeStamp = async (
  modelsDir: string,
  stamp: Omit<InstalledStamp, "size" | "mtimeMs">,
): Promise<void> => {
  const stats = await stat(join(modelsDir, stamp.file));
  const path = stampPath(modelsDir, stamp.file);
  const full: InstalledStamp = { ...stamp, size: stats.size, mtimeMs: stats.mtimeMs };
  await writeFile(`${path}.part`, `${JSON.stringify(full, null, 2)}\n`);
  await rename(`${path}.part`, path);
};
