import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { createZstdCompress } from "node:zlib";
import { AppError } from "../../core/errors/app-error.ts";
import type { BackupWriter, RowTexts, TableShape, Tally } from "../../ports/backup.ts";
import { sayingFull, syncFolder, writeDurably } from "./durable-files.ts";
import { createRowTally } from "./row-tally.ts";

export const manifestName = "manifest.json";
export const partialSuffix = ".partial";

/** Table names come from the database, but a path is made of nothing else than these letters. */
export function tablePath(folder: string, name: string): string {
  if (!/^[a-z0-9_]+$/.test(name)) throw new AppError("backup_damaged", { what: name });
  return join(folder, "tables", `${name}.jsonl.zst`);
}

export function originalPath(folder: string, key: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(key))
    throw new AppError("backup_damaged", { what: key });
  return join(folder, "originals", key.slice(0, 2), key);
}

/** One row a line, as JSON, compressed. */
async function* lines(
  rows: AsyncIterable<readonly RowTexts[]>,
  tally: Tally,
): AsyncGenerator<string> {
  for await (const piece of rows) {
    for (const row of piece) tally.add(row);
    yield piece.map((row) => `${JSON.stringify(row)}\n`).join("");
  }
}

/**
 * A new backup in `folder`, which must not exist. Everything is written beside it under another name; the manifest is written last
 * and only then the folder gets its name.
 */
export async function createBackupFolder(folder: string): Promise<BackupWriter> {
  const partial = `${folder}${partialSuffix}`;
  const folders = new Set([partial, join(partial, "tables"), join(partial, "originals")]);
  let bytes = 0;
  await rm(partial, { recursive: true, force: true });
  for (const each of folders) await mkdir(each, { recursive: true, mode: 0o700 });
  const counted = async (
    work: Promise<{ readonly bytes: number; readonly sha256: string }>,
  ): Promise<{ readonly bytes: number; readonly sha256: string }> => {
    const written = await sayingFull(() => work);
    bytes += written.bytes;
    return written;
  };
  return {
    async table({ name }: TableShape, rows) {
      const tally = createRowTally();
      const text = Readable.from(lines(rows, tally), { objectMode: false });
      const compressed = text.pipe(createZstdCompress());
      text.once("error", (error) => compressed.destroy(error)); // pipe() does not pass it on
      const { sha256 } = await counted(writeDurably(tablePath(partial, name), compressed));
      return { ...tally.total(), sha256 };
    },
    async original(key, content) {
      const path = originalPath(partial, key);
      folders.add(dirname(path));
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      return counted(writeDurably(path, content));
    },
    async finish(manifest) {
      const text = new TextEncoder().encode(`${JSON.stringify(manifest, undefined, 1)}\n`);
      await counted(writeDurably(join(partial, manifestName), [text]));
      for (const each of folders) await syncFolder(each);
      await rename(partial, folder);
      await syncFolder(dirname(folder));
      return { folder, bytes };
    },
    abandon: () => rm(partial, { recursive: true, force: true }),
  };
}
