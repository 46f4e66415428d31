import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Actor } from "../core/access/actor.ts";
import { whileSessionHolds } from "./watched-session.ts";

describe("whileSessionHolds", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const request = new Request("http://drover.test/");
  const setUp = (roles: Record<string, Actor["role"]>) => {
    const asked: (readonly string[])[] = [];
    const state = { isAway: false };
    const accounts = {
      standing(ids: readonly string[]) {
        asked.push(ids);
        if (state.isAway) return Promise.reject(new Error("away"));
        return Promise.resolve(new Map(Object.entries(roles)));
      },
    };
    const watch = (sessionId: string, need?: Actor["role"]) =>
      whileSessionHolds(accounts, { request, session: { sessionId } }, need);
    return { asked, roles, state, watch, round: () => vi.advanceTimersByTimeAsync(1_000) };
  };

  it("asks once a second for all open connections together, and for none when all are closed", async () => {
    const { asked, watch, round } = setUp({ one: "member", two: "member" });
    const open = [watch("one"), watch("two")];
    await round();
    expect(asked).toEqual([["one", "two"]]);
    for (const each of open) each.stop();
    await round();
    expect(asked).toHaveLength(1);
    watch("two").stop();
    const again = watch("one");
    await round();
    expect(asked[1]).toEqual(["one"]);
    again.stop();
  });

  it("closes what a session or a role that is gone had opened, and nothing else", async () => {
    const { roles, watch, round } = setUp({ one: "member", boss: "admin" });
    const [member, admin, needy] = [watch("one"), watch("boss", "admin"), watch("boss")];
    await round();
    expect([member, admin, needy].map(({ signal }) => signal.aborted)).toEqual([
      false,
      false,
      false,
    ]);
    roles["boss"] = "member";
    await round();
    expect([member, admin, needy].map(({ signal }) => signal.aborted)).toEqual([
      false,
      true,
      false,
    ]);
    delete roles["one"];
    await round();
    expect(member.signal.reason).toMatchObject({ code: "unauthenticated" });
    for (const each of [member, admin, needy]) each.stop();
  });

  it("cuts nobody off while the database is away", async () => {
    const { state, watch, round } = setUp({});
    state.isAway = true;
    const open = watch("one");
    await round();
    expect(open.signal.aborted).toBe(false);
    state.isAway = false;
    await round();
    expect(open.signal.aborted).toBe(true);
    open.stop();
  });
});
