import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createZstdDecompress } from "node:zlib";
import { z } from "zod";
import { AppError } from "../../core/errors/app-error.ts";
import type { BackupManifest, BackupReader, RowTexts } from "../../ports/backup.ts";
import { manifestName, originalPath, tablePath } from "./backup-folder.ts";
import { sha256Of } from "./durable-files.ts";

export const manifestVersion = 1;
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const manifestSchema = z.object({
  format: z.literal("drover-backup"),
  version: z.number().int(),
  createdAt: z.string(),
  steps: z.array(z.object({ tag: z.string(), hash: z.string() })),
  tables: z.array(
    z.object({
      name: z.string(),
      columns: z.array(z.string()),
      rows: z.number().int(),
      digest: z.string(),
      sha256,
    }),
  ),
  originals: z.array(z.object({ key: z.string(), sha256, bytes: z.number().int() })),
});
const rowSchema = z.array(z.string().nullable());

/**
 * @throws AppError `not_found` when the folder is no whole backup, `backup_damaged` when its manifest is none, `database_newer` when
 * a newer Drover wrote it in another format.
 */
export async function openBackupFolder(folder: string): Promise<BackupReader> {
  const manifest = await readManifest(folder);
  return {
    manifest,
    steps: () => Promise.resolve(manifest.steps),
    tables: () => Promise.resolve(manifest.tables),
    rows: (table, signal) => rowsIn(tablePath(folder, table.name), signal),
    original: (key) => createReadStream(originalPath(folder, key)),
    async verify(onFile, signal) {
      const files = [
        ...manifest.tables.map((table) => ({
          path: tablePath(folder, table.name),
          sha256: table.sha256,
          what: table.name,
        })),
        ...manifest.originals.map((original) => ({
          path: originalPath(folder, original.key),
          sha256: original.sha256,
          what: original.key,
        })),
      ];
      for (const [index, file] of files.entries()) {
        signal.throwIfAborted();
        const found = await sha256Of(file.path).catch(() => "");
        if (found !== file.sha256) throw new AppError("backup_damaged", { what: file.what });
        onFile(index + 1, files.length);
      }
    },
  };
}

async function readManifest(folder: string): Promise<BackupManifest> {
  const text = await readFile(join(folder, manifestName), "utf8").catch((error: unknown) => {
    throw new AppError("not_found", {}, { cause: error });
  });
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw new AppError("backup_damaged", { what: manifestName }, { cause: error });
  }
  const version = z.object({ version: z.number() }).safeParse(given);
  if (version.success && version.data.version > manifestVersion) {
    throw new AppError("database_newer", {
      reason: `backup format ${String(version.data.version)}`,
    });
  }
  const parsed = manifestSchema.safeParse(given);
  if (!parsed.success) throw new AppError("backup_damaged", { what: manifestName });
  return parsed.data;
}

async function* rowsIn(path: string, signal: AbortSignal): AsyncGenerator<readonly RowTexts[]> {
  const file = createReadStream(path);
  const text = file.pipe(createZstdDecompress());
  file.once("error", (error) => text.destroy(error));
  let rest = "";
  // Not by readline: it also splits at U+2028, which may stand in a document.
  for await (const part of text.setEncoding("utf8") as AsyncIterable<string>) {
    signal.throwIfAborted();
    const whole = `${rest}${part}`.split("\n");
    rest = whole.pop() ?? "";
    if (whole.length > 0) yield whole.map((line) => rowSchema.parse(JSON.parse(line)));
  }
}
