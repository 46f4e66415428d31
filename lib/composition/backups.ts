import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createBackupFolder } from "../adapters/backup/backup-folder.ts";
import { openBackupFolder } from "../adapters/backup/backup-reader.ts";
import { createOriginalsShelf } from "../adapters/backup/originals-shelf.ts";
import { createRowTally } from "../adapters/backup/row-tally.ts";
import { openDatabase, type DatabaseConnection } from "../adapters/database/connection.ts";
import { migrateDatabase, requireKnownSteps } from "../adapters/database/migrate.ts";
import { openDatabaseSnapshot } from "../adapters/database/row-source.ts";
import { createRowTarget } from "../adapters/database/row-target.ts";
import { createLocalFileStore } from "../adapters/files/local-file-store.ts";
import { createSystemClock } from "../adapters/system/clock.ts";
import type { Config } from "../config.ts";
import { AppError } from "../core/errors/app-error.ts";
import type { BackupManifest, RowTarget } from "../ports/backup.ts";
import type { FileStore } from "../ports/file-store.ts";
import { moveRows, putBack, restoreBackup, verifyBackup } from "../services/restore-backup.ts";
import { writeBackup, type WrittenBackup } from "../services/write-backup.ts";

export interface BackupDeps {
  readonly config: Config;
  readonly projectRoot: string;
  readonly signal: AbortSignal;
  readonly onProgress: (sentence: string) => void;
}

export interface SeenBackup {
  /** In a sentence. */
  readonly what: string;
  /** @throws AppError `backup_damaged`, `database_newer` */
  verify(): Promise<void>;
}

export interface OpenedRestore {
  readonly what: string;
  /** Tables of Drover in the database that would be replaced. */
  readonly existing: number;
  run(): Promise<void>;
  close(): Promise<void>;
}

const alonePatienceMs = 5_000;

const openNamed = (url: string | undefined): Promise<DatabaseConnection> => {
  if (url === undefined)
    throw new AppError("database_unavailable", { reason: "DATABASE_URL is not set" });
  return openDatabase({ url, maxConnections: 2, applicationName: "drover command" });
};

const filesFolder = ({ dataDir }: Config): string => join(dataDir, "files");
const migrationsDirOf = (deps: BackupDeps): string => join(deps.projectRoot, "drizzle/migrations");

const targetOf = (deps: BackupDeps, connection: DatabaseConnection): RowTarget =>
  createRowTarget({
    connection,
    migrationsDir: migrationsDirOf(deps),
    createTally: createRowTally,
  });

/** The later steps of this program, on what was written in the shape of an older one. */
const bringUpToDate = (deps: BackupDeps, connection: DatabaseConnection) =>
  migrateDatabase(
    { ...connection, engine: "postgres" }, // what was just filled needs no copy of itself first
    { migrationsDir: migrationsDirOf(deps), snapshotDir: join(deps.config.dataDir, "snapshots") },
  );

/** With those that people clear away while a copy of the running database is read: they are kept beside it. */
function originalsOf(config: Config): Pick<FileStore, "open"> {
  const files = createLocalFileStore({ folder: filesFolder(config) });
  const kept = createLocalFileStore({ folder: join(config.dataDir, "copy-for-backup/files") });
  return { open: (key) => files.open(key).catch(() => kept.open(key)) };
}

/** A backup of the database that `DATABASE_URL` names and of the originals, in the new folder `folder`. */
export async function runBackup(deps: BackupDeps, folder: string): Promise<WrittenBackup> {
  const connection = await openNamed(deps.config.databaseUrl);
  try {
    const snapshot = await openDatabaseSnapshot(connection);
    try {
      const files = originalsOf(deps.config);
      const writer = await createBackupFolder(folder);
      const { onProgress, signal } = deps;
      const clock = createSystemClock();
      return await writeBackup({ snapshot, files, writer, clock, onProgress }, signal);
    } finally {
      await snapshot.close();
    }
  } finally {
    await connection.close();
  }
}

/**
 * Looks at a backup without a database: one is only made for what can be restored.
 * @throws AppError `not_found`, `backup_damaged`, `database_newer`
 */
export async function openBackup(deps: BackupDeps, folder: string): Promise<SeenBackup> {
  const backup = await openBackupFolder(folder);
  return {
    what: sentenceOf(backup.manifest),
    async verify() {
      await requireKnownSteps(migrationsDirOf(deps), backup.manifest.steps);
      await verifyBackup(backup, deps.onProgress, deps.signal);
    },
  };
}

export interface RestoreChoices {
  /** It was looked through just now. */
  readonly isVerified?: boolean;
  /** Given where a Drover of the caller's uses the database: resolves when that one has ended. */
  readonly endOwn?: () => Promise<void>;
}

/**
 * Opens a backup and the database that it would replace; nothing is changed before `run`, which throws `conflict` too.
 * @throws AppError `conflict` while another Drover uses that database.
 */
export async function openRestore(
  deps: BackupDeps,
  folder: string,
  { isVerified = false, endOwn }: RestoreChoices,
): Promise<OpenedRestore> {
  const backup = await openBackupFolder(folder);
  const connection = await openNamed(deps.config.databaseUrl);
  try {
    const target = targetOf(deps, connection);
    if (endOwn === undefined) await refuseOthers(target, connection);
    else await refuseSeveral(target);
    const existing = (await target.existing()).length;
    const whenFilled = async (): Promise<void> => {
      await endOwn?.();
      await untilAlone(target);
    };
    return {
      what: sentenceOf(backup.manifest),
      existing,
      async run() {
        const originals = createOriginalsShelf(filesFolder(deps.config));
        const { onProgress, signal } = deps;
        const parts = { target, originals, onProgress, isVerified };
        // The embedded database is one of the caller's own.
        const shared = connection.engine === "postgres" ? { whenFilled } : {};
        await restoreBackup({ ...parts, ...shared }, backup, signal);
        await bringUpToDate(deps, connection);
      },
      close: () => connection.close(),
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function sentenceOf({ createdAt, tables, originals }: BackupManifest): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0).toLocaleString("en");
  return `A backup of ${createdAt}: ${rows} rows and ${String(originals.length)} originals.`;
}

/** Whether it is one shows when the database opens its copy. */
export const seenSnapshot: SeenBackup = {
  what: "A snapshot of the embedded database.",
  verify: () => Promise.resolve(),
};

/** A snapshot of the embedded database, a copy of which `DATABASE_URL` names already: only the originals are missing. */
export async function openSnapshot(deps: BackupDeps, folder: string): Promise<OpenedRestore> {
  const connection = await openNamed(deps.config.databaseUrl);
  const shelf = createOriginalsShelf(filesFolder(deps.config));
  const kept = createOriginalsShelf(join(folder, "files"));
  return {
    what: seenSnapshot.what,
    existing: 0,
    async run() {
      await bringUpToDate(deps, connection);
      const snapshot = await openDatabaseSnapshot(connection);
      try {
        const { onProgress, signal } = deps;
        await putBack(await snapshot.originals(), { shelf, kept, onProgress }, signal);
      } finally {
        await snapshot.close();
      }
    },
    close: () => connection.close(),
  };
}

async function refuseOthers(target: RowTarget, { engine }: DatabaseConnection): Promise<void> {
  // The embedded database is one of the caller's own.
  if (engine === "postgres" && (await target.others()) > 0) throw new AppError("conflict", {});
}

/**
 * Whether the only Drover that uses the database of `DATABASE_URL` is the caller's, which runs.
 * @throws AppError `conflict`; Error with a sentence when none says there that it lives.
 */
export async function checkUse(deps: BackupDeps): Promise<void> {
  const connection = await openNamed(deps.config.databaseUrl);
  try {
    const target = targetOf(deps, connection);
    await refuseSeveral(target);
    if ((await target.alive()) === 0)
      throw new Error(
        "The Drover that runs does not use the database that DATABASE_URL names, or has not said so for some seconds. Set DATABASE_URL as it has it, or stop it first. Nothing was changed.",
      );
  } finally {
    await connection.close();
  }
}

async function refuseSeveral(target: RowTarget): Promise<void> {
  if ((await target.alive()) > 1) throw new AppError("conflict", {});
}

/** The server takes a moment to see that a program has ended. */
async function untilAlone(target: RowTarget): Promise<void> {
  const giveUpAtMs = Date.now() + alonePatienceMs;
  while ((await target.others()) > 0) {
    if (Date.now() > giveUpAtMs) throw new AppError("conflict", {});
    await setTimeout(100);
  }
}

/** Opens the database at `to` for `work` if a Drover may be moved there, and closes it after that. */
async function withMoveTarget<T>(
  deps: BackupDeps,
  to: string,
  work: (connection: DatabaseConnection, target: RowTarget) => Promise<T>,
): Promise<T> {
  const connection = await openNamed(to);
  try {
    const target = targetOf(deps, connection);
    if ((await target.existing()).length > 0) throw new AppError("name_taken", {});
    await refuseOthers(target, connection);
    return await work(connection, target);
  } finally {
    await connection.close();
  }
}

/**
 * Whether the database at `to` can be moved to.
 * @throws AppError `name_taken` when it holds a Drover, `conflict` while one is connected to it.
 */
export const checkMove = (deps: BackupDeps, to: string): Promise<void> =>
  withMoveTarget(deps, to, () => Promise.resolve());

/**
 * Copies every row of the database that `DATABASE_URL` names to the one at `to`, which must hold no Drover.
 * @throws AppError `name_taken` when it does, `conflict` while a Drover is connected to it.
 */
export async function runMove(deps: BackupDeps, to: string): Promise<number> {
  const from = await openNamed(deps.config.databaseUrl);
  try {
    return await withMoveTarget(deps, to, async (connection, target) => {
      const snapshot = await openDatabaseSnapshot(from);
      try {
        const { onProgress, signal } = deps;
        const moved = await moveRows(snapshot, { target, onProgress }, signal);
        await bringUpToDate(deps, connection);
        return moved;
      } finally {
        await snapshot.close();
      }
    });
  } finally {
    await from.close();
  }
}
