import { describe, expect, it } from "vitest";
import { withNeighbours } from "./neighbour-text.ts";

const text = "One is here. Two is long enough. Three is asked. Four follows. Five ends it.";
const range = (from: string, to: string) => {
  const [charStart, charEnd] = [text.indexOf(from), text.indexOf(to) + to.length];
  return { charStart, charEnd, text: text.slice(charStart, charEnd) };
};
const before = range("One", "enough.");
const middle = range("Three", "asked.");
const after = range("Four", "it.");

describe("withNeighbours", () => {
  it("adds the sentences on both sides, with the range they cover", () => {
    const whole = withNeighbours({ ...middle, before, after });
    expect(whole).toMatchObject({ charStart: 0, charEnd: text.length });
    expect(whole.text).toBe([before.text, middle.text, after.text].join("\n"));
  });
  it("takes whole sentences only, as many as fit", () => {
    const long = { ...after, text: `${after.text} ${"And so on and on ".repeat(40)}.` };
    const { charEnd } = withNeighbours({ ...middle, before: null, after: long });
    expect(charEnd).toBe(after.charEnd);
  });
  it("takes nothing of a neighbour that stands elsewhere, or that is one endless sentence", () => {
    const far = { ...after, charStart: after.charStart + 1000, charEnd: after.charEnd + 1000 };
    const endless = { ...before, text: "on and on ".repeat(60) };
    expect(withNeighbours({ ...middle, before: endless, after: far })).toEqual(middle);
    expect(withNeighbours({ ...middle, before: null, after: null })).toEqual(middle);
  });
});
