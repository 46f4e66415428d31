import { expect, it } from "vitest";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { createBackground } from "./background.ts";

it("begins a loop that fails at once again each second, and not without end", async () => {
  const clock = createFakeClock();
  const reported: unknown[] = [];
  let begun = 0;
  const background = createBackground({
    loops: [
      () => {
        begun += 1;
        // Without a pause this would go on for ever.
        return begun > 50 ? new Promise<void>(() => undefined) : Promise.reject(new Error("away"));
      },
    ],
    report: (error) => reported.push(error),
    clock,
  });
  background.start();
  await clock.advance(3500);
  expect(begun).toBe(4);
  expect(reported).toHaveLength(4);
  await background.stop();
});

it("does not report as a fault that it was stopped", async () => {
  const reported: unknown[] = [];
  const clock = createFakeClock();
  const background = createBackground({
    loops: [(signal) => clock.sleep(60_000, signal)],
    report: (error) => reported.push(error),
    clock,
  });
  background.start();
  await background.stop();
  expect(reported).toEqual([]);
});

it("lets a loop be that has nothing more to do", async () => {
  const clock = createFakeClock();
  let begun = 0;
  const background = createBackground({
    loops: [
      () => {
        begun += 1;
        // Begun again at once this would keep the process from all else.
        return begun > 50 ? new Promise<void>(() => undefined) : Promise.resolve();
      },
    ],
    report: () => undefined,
    clock,
  });
  background.start();
  await clock.advance(3500);
  expect(begun).toBe(1);
  await background.stop();
});
