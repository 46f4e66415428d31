import { describe, expect, it } from "vitest";
import { exactText } from "../core/cache/answer-key.ts";
import { areNearDuplicates, wordMarks } from "../core/cache/near-duplicate-questions.ts";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { createNearDuplicateLimit, nearDuplicatesAnHour } from "./near-duplicate-limit.ts";

const marksOf = (question: string) => wordMarks(exactText(question));
const pump = (number: number): string => `what is the warranty of the aurora ${number} pump`;

describe("areNearDuplicates", () => {
  it.each([
    ["What is the warranty of pump 300?", "What is the warranty of pump 301?", true],
    ["Is the office in Lisbon open?", "Is the office in Lisbon not open?", true],
    ["What is the capital of France?", "What is the capital of Spain?", true],
    ["What is a pump?", "What is a seal?", false],
    ["How long is the warranty?", "Where is the office in Lisbon?", false],
    ["?", "?", false],
  ])("%s / %s: %s", (one, other, near) => {
    expect(areNearDuplicates(marksOf(one), marksOf(other))).toBe(near);
  });
});

describe("createNearDuplicateLimit", () => {
  const start = () => {
    const clock = createFakeClock();
    return { clock, limit: createNearDuplicateLimit(clock) };
  };
  /** The first is like nothing before it. */
  const useUp = ({ limit }: ReturnType<typeof start>, asker: string): boolean[] =>
    Array.from({ length: nearDuplicatesAnHour + 1 }, (_, at) => limit.holdsBack(asker, pump(at)));

  it("holds back who has used up the hour's share of distinct near-duplicates, and nobody else", () => {
    const started = start();
    expect(useUp(started, "one")).not.toContain(true);
    expect(started.limit.holdsBack("one", pump(1000))).toBe(true);
    expect(started.limit.holdsBack("other", pump(1000))).toBe(false);
  });

  it("lets the same person ask what is like nothing before, and what they asked already", () => {
    const started = start();
    useUp(started, "one");
    expect(started.limit.holdsBack("one", "who leads the office in lisbon")).toBe(false);
    expect(started.limit.holdsBack("one", pump(3))).toBe(false);
    expect(started.limit.holdsBack("one", pump(1000))).toBe(true);
    expect(started.limit.holdsBack("one", pump(1000))).toBe(true);
  });

  it("is not got round by other questions in between", () => {
    const { limit } = start();
    const held = Array.from({ length: 2 * nearDuplicatesAnHour }, (_, at) => {
      for (const word of ["apples", "tides", "visas"]) limit.holdsBack("one", `${word} ${at}`);
      return limit.holdsBack("one", pump(at));
    });
    expect(held.indexOf(true)).toBeLessThanOrEqual(nearDuplicatesAnHour + 1);
    expect(held.at(-1)).toBe(true);
  });

  it("gives the share back when an hour has passed", async () => {
    const started = start();
    useUp(started, "one");
    await started.clock.advance(3_599_999);
    expect(started.limit.holdsBack("one", pump(1000))).toBe(true);
    await started.clock.advance(1);
    expect(started.limit.holdsBack("one", pump(1001))).toBe(false);
  });
});
