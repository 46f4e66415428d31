import type { Settings } from "../core/settings/settings.ts";
import type { Clock } from "../ports/clock.ts";
import type { SnapshotShelf } from "../ports/snapshot-shelf.ts";

export interface ScheduledSnapshotsDeps {
  readonly shelf: SnapshotShelf;
  readonly settings: () => Settings["snapshots"];
  readonly clock: Pick<Clock, "sleep" | "wallTime">;
  readonly onFault: (error: unknown) => void;
}

const firstLookAfterMs = 5 * 60_000;
const lookEveryMs = 60_000;
const hourMs = 3_600_000;

/** Makes a snapshot when the newest is too old, then lets the oldest go. One that fails is tried again an hour later. */
export function createScheduledSnapshots(deps: ScheduledSnapshotsDeps) {
  const { shelf, settings, clock } = deps;

  const takeIfDue = async (): Promise<void> => {
    const { everyHours, keep } = settings();
    if (everyHours === 0) return;
    const now = clock.wallTime();
    const [newest] = await shelf.list();
    if (newest !== undefined && now.getTime() - newest.at.getTime() < everyHours * hourMs) return;
    await shelf.make(now);
    for (const old of (await shelf.list()).slice(keep)) await shelf.remove(old.name);
  };

  return async (signal: AbortSignal): Promise<void> => {
    await clock.sleep(firstLookAfterMs, signal);
    while (!signal.aborted) {
      const waitMs = await takeIfDue().then(
        () => lookEveryMs,
        (error: unknown) => {
          deps.onFault(error);
          return hourMs;
        },
      );
      await clock.sleep(waitMs, signal);
    }
  };
}
