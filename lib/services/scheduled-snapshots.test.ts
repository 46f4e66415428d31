import { describe, expect, it } from "vitest";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { defaultSettings } from "../core/settings/settings.ts";
import type { KeptSnapshot } from "../ports/snapshot-shelf.ts";
import { createScheduledSnapshots } from "./scheduled-snapshots.ts";

const hourMs = 3_600_000;

function start(settings: { everyHours: number; keep: number }) {
  const clock = createFakeClock();
  let kept: readonly KeptSnapshot[] = [];
  let fails = false;
  const faults: unknown[] = [];
  const stopping = new AbortController();
  const run = createScheduledSnapshots({
    clock,
    settings: () => ({ ...defaultSettings.snapshots, ...settings }),
    onFault: (error) => faults.push(error),
    shelf: {
      list: () => Promise.resolve(kept),
      make: (at) => {
        if (fails) return Promise.reject(new Error("no room"));
        kept = [{ name: at.toISOString(), at }, ...kept];
        return Promise.resolve();
      },
      remove: (name) => {
        kept = kept.filter((one) => one.name !== name);
        return Promise.resolve();
      },
    },
  });
  const ended = run(stopping.signal).catch(() => undefined);
  return {
    clock,
    faults,
    names: () => kept.map(({ name }) => name.slice(0, 13)),
    fail: (value: boolean) => (fails = value),
    stop: () => {
      stopping.abort();
      return ended;
    },
  };
}

describe("scheduled snapshots", () => {
  it("are made when the newest is too old, and the oldest goes", async () => {
    const line = start({ everyHours: 6, keep: 2 });
    await line.clock.advance(hourMs);
    expect(line.names()).toEqual(["2026-01-01T00"]);
    await line.clock.advance(12 * hourMs);
    expect(line.names()).toEqual(["2026-01-01T12", "2026-01-01T06"]);
    await line.stop();
  });

  it("keep the ones that are there when one fails, and try again an hour later", async () => {
    const line = start({ everyHours: 6, keep: 1 });
    await line.clock.advance(hourMs);
    line.fail(true);
    await line.clock.advance(6 * hourMs);
    expect(line.names()).toEqual(["2026-01-01T00"]);
    expect(line.faults).toHaveLength(1);
    line.fail(false);
    await line.clock.advance(hourMs);
    expect(line.names()).toEqual(["2026-01-01T07"]);
    await line.stop();
  });

  it("are never made when an admin says so", async () => {
    const line = start({ everyHours: 0, keep: 1 });
    await line.clock.advance(48 * hourMs);
    expect(line.names()).toEqual([]);
    await line.stop();
  });
});
