import type { Actor } from "../core/access/actor.ts";
import { AppError } from "../core/errors/app-error.ts";
import {
  allSettings,
  changeFaults,
  defaultSettings,
  type Settings,
  settingsFrom,
} from "../core/settings/settings.ts";
import type { AuditLog } from "../ports/audit-log.ts";
import type { Clock } from "../ports/clock.ts";
import type { SettingsStore, StoredSetting } from "../ports/settings-store.ts";

/** A setting as the settings page shows it. */
export interface ShownSetting {
  readonly key: string;
  readonly value: unknown;
  readonly isDefault: boolean;
  readonly changedAt: Date | null;
  readonly changedBy: string | null;
}

/** What an admin changes while Drover runs, the same on every replica. */
export interface RuntimeSettings {
  /** The settings in force. Ask at each use and keep nothing: that is how a change holds at once. */
  readonly current: () => Settings;
  /** Reads them from the store. */
  refresh(): Promise<void>;
  /** Follows changes of other replicas, at most 2 s behind, until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  shown(): Promise<readonly ShownSetting[]>;
  /** All changes or none; `null` is back to the default. In force here when it resolves. Throws `bad_request`. */
  change(
    actor: Actor,
    changes: ReadonlyMap<string, unknown>,
    address: string | null,
  ): Promise<readonly ShownSetting[]>;
}

const followEveryMs = 1_000;

const passes = (waiting: Promise<void>): Promise<boolean> =>
  waiting.then(
    () => true,
    () => false,
  );

const valuesOf = (stored: readonly StoredSetting[]): ReadonlyMap<string, unknown> =>
  new Map(stored.map(({ key, value }) => [key, value]));

function shownFrom(stored: readonly StoredSetting[]): readonly ShownSetting[] {
  const byKey = new Map(stored.map((one) => [one.key, one]));
  return [...allSettings].map(([key, setting]) => {
    const changed = byKey.get(key);
    return {
      key,
      value: changed === undefined ? setting.fallback : changed.value,
      isDefault: changed === undefined,
      changedAt: changed?.changedAt ?? null,
      changedBy: changed?.changedBy ?? null,
    };
  });
}

export function createRuntimeSettings(deps: {
  readonly store: SettingsStore;
  readonly audit: AuditLog;
  readonly clock: Clock;
}): RuntimeSettings {
  const { store, audit, clock } = deps;
  let settings = defaultSettings;

  const read = async (): Promise<readonly StoredSetting[]> => {
    const stored = await store.read();
    settings = settingsFrom(valuesOf(stored));
    return stored;
  };

  return {
    current: () => settings,
    async refresh() {
      await read();
    },
    shown: async () => shownFrom(await read()),

    async run(signal) {
      while (await passes(clock.sleep(followEveryMs, signal))) {
        // The database is away: what was in force stays so.
        await read().catch(() => undefined);
      }
    },

    async change(actor, changes, address) {
      const issues = changeFaults(changes);
      if (issues.length > 0) throw new AppError("bad_request", { issues });
      const before = new Map(shownFrom(await read()).map(({ key, value }) => [key, value]));
      await store.write(changes, actor.userId);
      for (const [key, value] of changes)
        await audit.record({
          workspaceId: actor.workspaceId,
          actorId: actor.userId,
          action: "setting.change",
          target: key,
          ...(address === null ? {} : { address }),
          detail: { from: before.get(key), to: value ?? "default" },
        });
      return shownFrom(await read());
    },
  };
}
