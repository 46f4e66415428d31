import { describe, expect, it } from "vitest";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import type { Actor } from "../core/access/actor.ts";
import type { AuditEntry } from "../ports/audit-log.ts";
import type { SettingsStore, StoredSetting } from "../ports/settings-store.ts";
import { createRuntimeSettings } from "./runtime-settings.ts";

const admin: Actor = { userId: "ada", workspaceId: "w", role: "admin" };

function setUp() {
  const clock = createFakeClock();
  const rows = new Map<string, StoredSetting>();
  const state = { away: false };
  const store: SettingsStore = {
    async read() {
      if (state.away) throw new Error("the database is away");
      return [...rows.values()];
    },
    async write(changes, userId) {
      for (const [key, value] of changes)
        if (value === null) rows.delete(key);
        else rows.set(key, { key, value, changedAt: clock.wallTime(), changedBy: userId });
    },
  };
  const entries: AuditEntry[] = [];
  const audit = { record: async (entry: AuditEntry) => void entries.push(entry) };
  const replica = () => createRuntimeSettings({ store, audit, clock });
  return { clock, replica, entries, state };
}

const change = (key: string, value: unknown) => new Map([[key, value]]);

describe("createRuntimeSettings", () => {
  it("is in force at once where it was changed and within 2 s everywhere else", async () => {
    const { clock, replica } = setUp();
    const [here, there] = [replica(), replica()];
    const stop = new AbortController();
    const following = there.run(stop.signal);
    await here.change(admin, change("chat.answersAtOnce", 4), null);
    expect(here.current().chat.answersAtOnce).toBe(4);
    expect(there.current().chat.answersAtOnce).toBe(2);
    await clock.advance(2_000);
    expect(there.current().chat.answersAtOnce).toBe(4);
    stop.abort();
    await following;
  });

  it("keeps what was in force while the database is away, and goes on when it is back", async () => {
    const { clock, replica, state } = setUp();
    const [here, there] = [replica(), replica()];
    const stop = new AbortController();
    const following = there.run(stop.signal);
    await here.change(admin, change("chat.answersAtOnce", 4), null);
    await clock.advance(2_000);
    await here.change(admin, change("chat.answersAtOnce", 5), null);
    state.away = true;
    await clock.advance(60_000);
    expect(there.current().chat.answersAtOnce).toBe(4);
    state.away = false;
    await clock.advance(2_000);
    expect(there.current().chat.answersAtOnce).toBe(5);
    stop.abort();
    await following;
  });

  it("makes all changes or none", async () => {
    const { replica, entries } = setUp();
    const settings = replica();
    const both = new Map<string, unknown>([
      ["chat.answersAtOnce", 3],
      ["chat.answersWaiting", -1],
    ]);
    await expect(settings.change(admin, both, null)).rejects.toMatchObject({ code: "bad_request" });
    expect(settings.current().chat.answersAtOnce).toBe(2);
    expect(entries).toEqual([]);
  });

  it("writes each change once into the audit log, with both values, and takes it back to the default", async () => {
    const { replica, entries } = setUp();
    const settings = replica();
    await settings.change(admin, change("chat.answersAtOnce", 3), "10.0.0.1");
    const shown = await settings.change(admin, change("chat.answersAtOnce", null), null);
    expect(shown.find(({ key }) => key === "chat.answersAtOnce")).toEqual({
      key: "chat.answersAtOnce",
      value: 2,
      isDefault: true,
      changedAt: null,
      changedBy: null,
    });
    const common = { workspaceId: "w", actorId: "ada", action: "setting.change" };
    expect(entries).toEqual([
      {
        ...common,
        target: "chat.answersAtOnce",
        address: "10.0.0.1",
        detail: { from: 2, to: 3 },
      },
      { ...common, target: "chat.answersAtOnce", detail: { from: 3, to: "default" } },
    ]);
  });
});
