import { expect, it } from "vitest";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { createAbandonedAnswers } from "./abandoned-answers.ts";

/** Counts what is said and done; alive until `aliveUntil` by the same clock. */
function watched(shared: boolean) {
  const clock = createFakeClock();
  const seen = { aliveUntil: -1, recovered: 0, left: false };
  const presence = {
    renew(ms: number) {
      seen.aliveUntil = clock.now() + ms;
      return Promise.resolve();
    },
    leave() {
      seen.left = true;
      return Promise.resolve();
    },
  };
  const answers = createAbandonedAnswers({
    presence: shared ? presence : null,
    // It lives by its own word before it judges others.
    recover() {
      if (shared) expect(seen.aliveUntil).toBeGreaterThan(clock.now());
      return Promise.resolve((seen.recovered += 1));
    },
    clock,
  });
  return { clock, seen, answers };
}

it("says on a shared database that it lives, without a gap, and looks for answers of the dead again and again", async () => {
  const { clock, seen, answers } = watched(true);
  const leaving = new AbortController();
  await answers.begin();
  const running = answers.run(leaving.signal);
  for (let second = 0; second < 12; second += 1) {
    await clock.advance(1000);
    // Two renewals may fail or be late.
    expect(seen.aliveUntil - clock.now()).toBeGreaterThanOrEqual(4000);
    // Whoever was killed is taken for dead within 10 s.
    expect(seen.aliveUntil - clock.now()).toBeLessThanOrEqual(8000);
  }
  expect(seen.recovered).toBeGreaterThan(5);
  leaving.abort();
  await running;
  expect(seen.left).toBe(true);
});

it("looks once where no other process can be", async () => {
  const { clock, seen, answers } = watched(false);
  await answers.begin();
  await answers.run(new AbortController().signal);
  await clock.advance(60_000);
  expect(seen).toEqual({ aliveUntil: -1, recovered: 1, left: false });
});
