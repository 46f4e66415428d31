import { describe, expect, it } from "vitest";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { isAppError } from "../core/errors/app-error.ts";
import { createAttemptThrottle } from "./attempt-throttle.ts";

const minuteMs = 60_000;

function setUp() {
  const clock = createFakeClock();
  const throttle = createAttemptThrottle({ clock });
  const tries = (account: string, address: string): "looked at" | number => {
    try {
      throttle.begin(account, address);
      return "looked at";
    } catch (error) {
      if (isAppError(error, "rate_limited")) return error.details.retryAfterMs;
      throw error;
    }
  };
  return { clock, throttle, tries };
}

describe("createAttemptThrottle", () => {
  it("counts attempts that are still being looked at, so that many at once do not slip through", () => {
    const { tries } = setUp();
    const outcomes = Array.from({ length: 10_000 }, () => tries("ada", "1.1.1.1"));
    expect(outcomes.filter((outcome) => outcome === "looked at")).toHaveLength(6);
  });

  it("lets the owner in from elsewhere while one client guesses for 15 minutes", async () => {
    const { clock, tries } = setUp();
    for (let second = 0; second < 15 * 60; second += 1) {
      tries("ada", "6.6.6.6");
      await clock.advance(1_000);
    }
    expect(tries("ada", "6.6.6.6")).not.toBe("looked at");
    expect(tries("ada", "2.2.2.2")).toBe("looked at");
  });

  it("lets an address pass where the owner has signed in before, even when thousands guess", () => {
    const { throttle, tries } = setUp();
    throttle.begin("ada", "2.2.2.2");
    throttle.succeeded("ada", "2.2.2.2");
    for (let client = 0; client < 1_000; client += 1) tries("ada", `10.0.0.${client}`);
    expect(tries("ada", "3.3.3.3")).toBe(3 * minuteMs);
    expect(tries("ada", "2.2.2.2")).toBe("looked at");
  });

  it("lets somebody in where they have signed in before, even when others guess from there at many accounts", async () => {
    const { clock, throttle, tries } = setUp();
    throttle.begin("ada", "2.2.2.2");
    throttle.succeeded("ada", "2.2.2.2");
    for (let second = 0; second < 300; second += 1) {
      tries(`person-${second}`, "2.2.2.2");
      await clock.advance(1_000);
    }
    expect(tries("ada", "2.2.2.2")).toBe("looked at");
    expect(tries("grace", "2.2.2.2")).not.toBe("looked at");
    // Guesses at this very account from there are counted as ever.
    const outcomes = Array.from({ length: 100 }, () => tries("ada", "2.2.2.2"));
    expect(outcomes.filter((outcome) => outcome === "looked at")).toHaveLength(5);
  });

  it("forgets the slips of somebody who then gets it right", () => {
    const { throttle, tries } = setUp();
    for (let round = 0; round < 20; round += 1) {
      for (let slip = 0; slip < 3; slip += 1) tries("ada", "2.2.2.2");
      expect(tries("ada", "2.2.2.2")).toBe("looked at");
      throttle.succeeded("ada", "2.2.2.2");
    }
  });

  it("does not count an attempt that was never looked at", () => {
    const { throttle, tries } = setUp();
    for (let attempt = 0; attempt < 50; attempt += 1) {
      expect(tries("ada", "2.2.2.2")).toBe("looked at");
      throttle.withdrawn("ada", "2.2.2.2");
    }
  });
});
