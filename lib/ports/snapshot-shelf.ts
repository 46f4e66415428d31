export interface KeptSnapshot {
  readonly name: string;
  readonly at: Date;
}

/** Copies of the database with its originals, beside the live ones. What is listed is whole. */
export interface SnapshotShelf {
  /** Newest first. */
  list(): Promise<readonly KeptSnapshot[]>;
  /**
   * Makes one while everyone goes on working.
   * @throws AppError `disk_full` when there is no room for it beside what the live database may need; nothing stays behind then.
   */
  make(at: Date): Promise<void>;
  remove(name: string): Promise<void>;
}
