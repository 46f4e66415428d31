import { describe, expect, it } from "vitest";
import { repairOf, type BrokenAttempt } from "./resume.ts";

const broken: BrokenAttempt = {
  repairs: 0,
  text: "Two words",
  hasTools: false,
  hasFormat: false,
  continues: true,
  tokensLeft: 10,
};

describe("repairOf", () => {
  it("resumes plain text of a model that passed the test", () => {
    expect(repairOf(broken)).toBe("resume");
    expect(repairOf({ ...broken, text: "<think>so</think> Two" })).toBe("resume");
  });

  it.each<[string, Partial<BrokenAttempt>]>([
    ["tool calls", { hasTools: true }],
    ["JSON output", { hasFormat: true }],
    ["an open thought", { text: "<think>so" }],
    ["a second thought without end", { text: "<think>a</think> b <think>c" }],
    ["a model that failed the test", { continues: false }],
    ["a model that was not tested", { continues: null }],
    ["an answer at its length", { tokensLeft: 0 }],
    ["no text", { text: "" }],
  ])("begins anew for %s", (_what, change) => {
    expect(repairOf({ ...broken, ...change })).toBe("reset");
  });

  it("repairs a turn once", () => {
    expect(repairOf({ ...broken, repairs: 1 })).toBe("stop");
  });
});
