/** A setting that was changed from its default. */
export interface StoredSetting {
  /** `group.name` of core/settings. */
  readonly key: string;
  readonly value: unknown;
  readonly changedAt: Date;
  /** Name of who changed it; `null` when they are gone. */
  readonly changedBy: string | null;
}

/** Settings shared by every replica. What a value may be is core/settings' matter. */
export interface SettingsStore {
  /** Everything that was changed, in one snapshot. */
  read(): Promise<readonly StoredSetting[]>;
  /** All or nothing; `null` takes a change back. */
  write(changes: ReadonlyMap<string, unknown>, userId: string): Promise<void>;
}
