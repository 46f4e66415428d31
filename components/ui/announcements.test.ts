import { expect, it } from "vitest";
import { createAnnouncements } from "./announcements.ts";

/** A clock that stands still until it is moved. */
const standingClock = () => {
  let nowMs = 0;
  let due: { readonly atMs: number; readonly run: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    later: (run: () => void, ms: number) => {
      due.push({ atMs: nowMs + ms, run });
    },
    pass: (ms: number) => {
      nowMs += ms;
      const over = due.filter(({ atMs }) => atMs <= nowMs);
      due = due.filter(({ atMs }) => atMs > nowMs);
      for (const { run } of over) run();
    },
  };
};

it("says one sentence a second, in order, and none twice in a row while it waits", () => {
  const clock = standingClock();
  const { spoken, announce } = createAnnouncements(clock);
  announce("One.");
  expect(spoken.get().text).toBe("One.");
  announce("Two.");
  announce("Two.");
  announce("Three.");
  expect(spoken.get().text).toBe("One.");
  clock.pass(999);
  expect(spoken.get().text).toBe("One.");
  clock.pass(1);
  expect(spoken.get().text).toBe("Two.");
  clock.pass(1_000);
  expect(spoken.get()).toEqual({ text: "Three.", turn: 3 });
});

it("leaves out what is no news any more, and says the newest", () => {
  const clock = standingClock();
  const { spoken, announce } = createAnnouncements(clock);
  for (let count = 0; count <= 100; count += 1) announce(`Number ${String(count)}.`);
  const heard = [spoken.get().text];
  for (let second = 0; second < 10; second += 1) {
    clock.pass(1_000);
    heard.push(spoken.get().text);
  }
  expect([...new Set(heard)]).toEqual(["Number 0.", "Number 98.", "Number 99.", "Number 100."]);
});

it("says the same sentence again when it happens again", () => {
  const clock = standingClock();
  const { spoken, announce } = createAnnouncements(clock);
  announce("Stopped.");
  clock.pass(5_000);
  announce("Stopped.");
  expect(spoken.get()).toEqual({ text: "Stopped.", turn: 2 });
});
