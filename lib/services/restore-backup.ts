import type { BackupReader, OriginalReference, RowSource, RowTarget } from "../ports/backup.ts";
import type { OriginalsShelf } from "../ports/file-store.ts";

export interface RestoreDeps {
  readonly target: RowTarget;
  readonly originals: OriginalsShelf;
  readonly onProgress: (sentence: string) => void;
  /** It was looked through just now: what it brings is compared with its digests all the same. */
  readonly isVerified?: boolean;
  /** As in the port `RowTarget`. */
  readonly whenFilled?: () => Promise<void>;
}

/** @throws AppError `backup_damaged` */
export const verifyBackup = (
  backup: BackupReader,
  onProgress: RestoreDeps["onProgress"],
  signal: AbortSignal,
): Promise<void> => backup.verify(every(500, "files are verified", onProgress), signal);

/**
 * Looks through the whole backup before anything is touched, adds the originals, which get in nobody's way under their random keys,
 * and replaces the rows at once as the last step.
 * @throws AppError `backup_damaged`, `database_newer`, `disk_full`; nothing that people can see has changed then.
 */
export async function restoreBackup(
  { target, originals, onProgress, isVerified = false, whenFilled }: RestoreDeps,
  backup: BackupReader,
  signal: AbortSignal,
): Promise<void> {
  if (!isVerified) await verifyBackup(backup, onProgress, signal);
  const told = every(500, "originals are in place", onProgress);
  const { manifest } = backup;
  for (const [index, { key, sha256 }] of manifest.originals.entries()) {
    signal.throwIfAborted();
    await originals.add(key, sha256, () => backup.original(key));
    told(index + 1, manifest.originals.length);
  }
  const tallies = new Map(manifest.tables.map((table) => [table.name, table]));
  await target.replace(
    backup,
    (name) => tallies.get(name) ?? null,
    (name, rows) => {
      if (rows > 1000) onProgress(`${name}: ${rows.toLocaleString("en")} rows.`);
    },
    signal,
    whenFilled,
  );
}

/** @returns how many rows were moved. Reads back and compares everything; nothing has changed in the target when it throws. */
export async function moveRows(
  source: RowSource,
  { target, onProgress }: Pick<RestoreDeps, "target" | "onProgress">,
  signal: AbortSignal,
): Promise<number> {
  let moved = 0;
  const onTable = (name: string, rows: number): void => {
    moved += rows;
    if (rows > 0)
      onProgress(`${name}: ${rows === 1 ? "1 row" : `${rows.toLocaleString("en")} rows`}.`);
  };
  await target.replace(source, () => null, onTable, signal);
  return moved;
}

/** What of these originals is kept in a snapshot and is not where it belongs any more. */
export async function putBack(
  originals: readonly OriginalReference[],
  parts: { readonly shelf: OriginalsShelf; readonly kept: OriginalsShelf } & Pick<
    RestoreDeps,
    "onProgress"
  >,
  signal: AbortSignal,
): Promise<void> {
  let missing = 0;
  for (const { key, sha256, isLive } of originals) {
    signal.throwIfAborted();
    if (await parts.shelf.holds(key, sha256)) continue;
    if (await parts.kept.holds(key, sha256))
      await parts.shelf.add(key, sha256, () => parts.kept.open(key));
    else if (isLive) missing += 1;
  }
  if (missing > 0)
    parts.onProgress(
      `The originals of ${String(missing)} documents are gone; their text is there.`,
    );
}

function every(
  files: number,
  what: string,
  onProgress: (sentence: string) => void,
): (done: number, of: number) => void {
  return (done, of) => {
    if (done % files === 0 || done === of) onProgress(`${String(done)} of ${String(of)} ${what}.`);
  };
}
