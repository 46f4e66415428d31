import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, it } from "vitest";
import { isAppError } from "../../core/errors/app-error.ts";
import { createSystemClock } from "./clock.ts";

describe("system clock", () => {
  const clock = createSystemClock();

  it("sleeps at least as long as asked, by its own time", async () => {
    const before = clock.now();
    await clock.sleep(20);
    expect(clock.now() - before).toBeGreaterThanOrEqual(19);
  });

  it("wakes at once with the caller's own reason, also when that came before", async () => {
    const leaving = new AbortController();
    const sleeping = clock.sleep(60_000, leaving.signal);
    leaving.abort(new Error("gone"));
    await expect(sleeping).rejects.toThrow("gone");
    await expect(clock.sleep(60_000, leaving.signal)).rejects.toThrow("gone");
  });

  it("ends a timeout with deadline_exceeded", async () => {
    const signal = clock.timeout(10);
    await expect(clock.sleep(60_000, signal)).rejects.toSatisfy((error) =>
      isAppError(error, "deadline_exceeded"),
    );
  });

  it("keeps nothing of the request that a timeout was asked for in: it would stay until the deadline", async () => {
    const context = new AsyncLocalStorage<string>();
    const signal = context.run("a request", () => clock.timeout(10));
    const seen = await new Promise((resolve) => {
      signal.addEventListener("abort", () => {
        resolve(context.getStore() ?? "none");
      });
    });
    expect(seen).toBe("none");
  });
});
