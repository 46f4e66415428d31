import { describe, expect, it } from "vitest";
import { createTurnQueue } from "./turn-queue.ts";

describe("the turn queue", () => {
  it("lets a session with an open transaction go on before all who came earlier", async () => {
    const turns = createTurnQueue();
    const order: string[] = [];
    const turn = (session: number, name: string, leavesOpen: boolean): Promise<void> =>
      turns.run(session, async () => {
        await Promise.resolve();
        order.push(name);
        return leavesOpen;
      });
    await turn(1, "begin", true);
    const other = turn(2, "other", false);
    expect(turns.owner()).toBe(1);
    await turn(1, "update", true);
    expect(order).toEqual(["begin", "update"]);
    await Promise.all([turn(1, "commit", false), other]);
    expect(order).toEqual(["begin", "update", "commit", "other"]);
    expect(turns.owner()).toBeUndefined();
  });

  it("goes on after a turn that failed", async () => {
    const turns = createTurnQueue();
    const failed = turns.run(1, () => Promise.reject(new Error("broken")));
    const next = turns.run(2, () => Promise.resolve(false));
    await expect(failed).rejects.toThrow("broken");
    await expect(next).resolves.toBeUndefined();
  });

  it("drops what a session that left has waiting, and nobody else's", async () => {
    const turns = createTurnQueue();
    const held = turns.run(1, () => Promise.resolve(true));
    const gone = turns.run(2, () => Promise.resolve(false));
    const stays = turns.run(3, () => Promise.resolve(false));
    await held;
    turns.forget(2);
    await expect(gone).rejects.toThrow("the client has left");
    await turns.run(1, () => Promise.resolve(false));
    await expect(stays).resolves.toBeUndefined();
  });
});
