import { AppError } from "../core/errors/app-error.ts";
import { columnsLeftEmpty, tablesLeftEmpty } from "../core/backup/backup-words.ts";
import type {
  BackupManifest,
  BackupWriter,
  DatabaseSnapshot,
  RowTexts,
  TableShape,
} from "../ports/backup.ts";
import type { Clock } from "../ports/clock.ts";
import type { FileStore } from "../ports/file-store.ts";

export interface WriteBackupDeps {
  readonly snapshot: DatabaseSnapshot;
  readonly files: Pick<FileStore, "open">;
  readonly writer: BackupWriter;
  readonly clock: Pick<Clock, "wallTime">;
  readonly onProgress: (sentence: string) => void;
}

export interface WrittenBackup {
  readonly folder: string;
  readonly bytes: number;
  readonly rows: number;
  readonly originals: number;
}

/**
 * Rows first, originals after: an original is never changed under its key, so every one that the rows name is there, unless its
 * document was deleted already. On any failure nothing stays behind.
 * @throws AppError `disk_full`; `backup_damaged` when the original of a document that is not deleted is missing.
 */
export async function writeBackup(
  deps: WriteBackupDeps,
  signal: AbortSignal,
): Promise<WrittenBackup> {
  const { snapshot, writer } = deps;
  try {
    const tables = [];
    for (const shape of await snapshot.tables()) {
      const written = await writer.table(shape, rowsToKeep(snapshot, shape, signal));
      tables.push({ name: shape.name, columns: shape.columns, ...written });
    }
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    deps.onProgress(`${rows.toLocaleString("en")} rows are written.`);
    const originals = await writeOriginals(deps, signal);
    const manifest: BackupManifest = {
      format: "drover-backup",
      version: 1,
      createdAt: deps.clock.wallTime().toISOString(),
      steps: await snapshot.steps(),
      tables,
      originals,
    };
    return { ...(await writer.finish(manifest)), rows, originals: originals.length };
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

async function* rowsToKeep(
  snapshot: DatabaseSnapshot,
  shape: TableShape,
  signal: AbortSignal,
): AsyncGenerator<readonly RowTexts[]> {
  if (tablesLeftEmpty.has(shape.name)) return;
  const secret = columnsLeftEmpty.get(shape.name) ?? new Set();
  const isSecret = shape.columns.map((column) => secret.has(column));
  for await (const rows of snapshot.rows(shape, signal))
    yield rows.map((row) => row.map((value, index) => (isSecret[index] === true ? null : value)));
}

const tellEveryFiles = 500;

async function writeOriginals(
  { snapshot, files, writer, onProgress }: WriteBackupDeps,
  signal: AbortSignal,
): Promise<BackupManifest["originals"]> {
  const written: BackupManifest["originals"][number][] = [];
  const named = await snapshot.originals();
  for (const { key, sha256, isLive } of named) {
    signal.throwIfAborted();
    const content = await files.open(key).catch(() => undefined);
    if (content === undefined) {
      if (isLive) throw new AppError("backup_damaged", { what: `the original ${key}` });
      continue;
    }
    const file = await writer.original(key, content);
    if (file.sha256 !== sha256)
      onProgress(`The original ${key} is not what was uploaded; it is kept as it is.`);
    written.push({ key, ...file });
    if (written.length % tellEveryFiles === 0)
      onProgress(`${String(written.length)} of ${String(named.length)} originals are copied.`);
  }
  return written;
}
