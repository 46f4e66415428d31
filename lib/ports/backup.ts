/** A step of the migrations that the rows have the shape of. */
export interface ShapeStep {
  readonly tag: string;
  readonly hash: string;
}

export interface TableShape {
  readonly name: string;
  readonly columns: readonly string[];
}

/** One row: each column as Postgres writes it as text. */
export type RowTexts = readonly (string | null)[];

/** What was read or written of one table. `digest` does not depend on the order of the rows: 32 hex digits. */
export interface TableTally {
  readonly rows: number;
  readonly digest: string;
}

/** Adds rows up, in any order. */
export interface Tally {
  add(row: RowTexts): void;
  total(): TableTally;
}

/** The rows of a whole database at one moment. */
export interface RowSource {
  steps(): Promise<readonly ShapeStep[]>;
  /** Every table after those that its rows point to. */
  tables(): Promise<readonly TableShape[]>;
  /** In pieces of at most some hundreds. */
  rows(table: TableShape, signal: AbortSignal): AsyncIterable<readonly RowTexts[]>;
}

/** A database read at one moment. */
export interface DatabaseSnapshot extends RowSource {
  originals(): Promise<readonly OriginalReference[]>;
  close(): Promise<void>;
}

/** An original's key in the file store, and the SHA-256 that it had when it was uploaded. */
export interface OriginalReference {
  readonly key: string;
  readonly sha256: string;
  /** Whether a document that readers see needs it; what is deleted may be cleared away at any time. */
  readonly isLive: boolean;
}

/** A database that takes the place of what was in it, all at once or not at all. */
export interface RowTarget {
  /** Tables of Drover that it has already. */
  existing(): Promise<readonly string[]>;
  /** Other programs of Drover that are connected to it and may have read it. */
  others(): Promise<number>;
  /** Drovers that have said in it lately that they live. */
  alive(): Promise<number>;
  /**
   * Replaces everything by the rows of `source`, and reads back what it wrote.
   * @param whenFilled given where people use it: they read on and nobody writes while it is filled beside what is there. Called before
   * the one takes the place of the other; resolves when the Drover that used it has ended, and nothing has changed when it rejects.
   * One that starts from then on waits until all is in place.
   * @throws AppError `database_newer` when it has steps that this program does not know, `backup_damaged` when what is read back
   * differs from what was to be written; nothing has changed then.
   */
  replace(
    source: RowSource,
    expected: (table: string) => TableTally | null,
    onTable: (name: string, rows: number) => void,
    signal: AbortSignal,
    whenFilled?: () => Promise<void>,
  ): Promise<void>;
}

export interface BackupManifest {
  readonly format: "drover-backup";
  readonly version: number;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly steps: readonly ShapeStep[];
  readonly tables: readonly (TableShape & TableTally & { readonly sha256: string })[];
  readonly originals: readonly {
    readonly key: string;
    readonly sha256: string;
    readonly bytes: number;
  }[];
}

/** A folder that becomes a backup when its manifest, written last, is there. */
export interface BackupWriter {
  table(
    shape: TableShape,
    rows: AsyncIterable<readonly RowTexts[]>,
  ): Promise<TableTally & { readonly sha256: string }>;
  original(
    key: string,
    content: AsyncIterable<Uint8Array>,
  ): Promise<{ readonly sha256: string; readonly bytes: number }>;
  /** Everything is on the disk, and the folder has its name, when this resolves. */
  finish(manifest: BackupManifest): Promise<{ readonly folder: string; readonly bytes: number }>;
  abandon(): Promise<void>;
}

/** A whole backup. */
export interface BackupReader extends RowSource {
  readonly manifest: BackupManifest;
  /** @throws AppError `backup_damaged` naming the first file that is not what the manifest says. */
  verify(onFile: (done: number, of: number) => void, signal: AbortSignal): Promise<void>;
  original(key: string): AsyncIterable<Uint8Array>;
}
