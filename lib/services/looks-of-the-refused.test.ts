import { expect, it } from "vitest";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { createLooksOfTheRefused } from "./looks-of-the-refused.ts";

const withinMs = 80;

it("looks for two at a time, tells everyone in time, and never looks for those who have been told", async () => {
  const clock = createFakeClock();
  const look = createLooksOfTheRefused(clock, withinMs);
  const told: { readonly who: number; readonly known: boolean; readonly at: number }[] = [];
  const began: number[] = [];
  const [slow, later] = [Promise.withResolvers<boolean>(), Promise.withResolvers<boolean>()];
  const ask = (who: number, answer: Promise<boolean>): void => {
    void look(() => {
      began.push(who);
      return answer;
    }).then((known) => told.push({ who, known, at: clock.now() }));
  };
  [0, 1, 2, 3].forEach((who) => {
    ask(who, slow.promise);
  });
  await clock.advance(withinMs - 1);
  expect(began).toEqual([0, 1]);
  expect(told).toEqual([]);
  await clock.advance(1);
  expect(told).toEqual([0, 1, 2, 3].map((who) => ({ who, known: false, at: withinMs })));
  slow.resolve(true);
  await clock.advance(0);
  expect(began).toEqual([0, 1]);

  // What was late has given its place back.
  ask(4, later.promise);
  ask(5, Promise.resolve(true));
  later.resolve(false);
  await clock.advance(0);
  expect(told.slice(4)).toMatchObject([
    { who: 4, known: false },
    { who: 5, known: true },
  ]);
});

it("goes on after a look that failed", async () => {
  const clock = createFakeClock();
  const look = createLooksOfTheRefused(clock, withinMs);
  for (let time = 0; time < 3; time += 1)
    await expect(look(() => Promise.reject(new Error("away")))).rejects.toThrow("away");
  expect(await look(() => Promise.resolve(true))).toBe(true);
});
