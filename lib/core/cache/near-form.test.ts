import { describe, expect, it } from "vitest";
import { areNearForms } from "./near-form.ts";

describe("areNearForms", () => {
  it.each([
    ["How do I thaw the lobster?", "How do I properly thaw the lobster?"],
    ["What are the most useful reports?", "What are some useful reports?"],
    ["Why should we lease cars?", "Why should one lease cars?"],
    ["What is a surge tank?", "What is the meaning of surge tank?"],
    ["Who has signed the lease?", "Who signed the lease?"],
    ["Can I send it through the portal?", "Can we send it using the portal?"],
  ])("%s / %s", (one, other) => {
    expect(areNearForms(one, other)).toBe(true);
    expect(areNearForms(other, one)).toBe(true);
  });

  it.each([
    ["What should I ask the buyer?", "What should the buyer ask me?"],
    ["Do you need a permit?", "Does everyone need a permit?"],
    ["What do you fear?", "What is fear?"],
    ["How do I thaw the lobster?", "How do I thaw the lobster fast?"],
    ["Has he told her?", "Has she told him?"],
    ["What is in a surge tank?", "What is a surge tank?"],
    ["How do I move it from Rome to Oslo?", "How do I move it to Rome from Oslo?"],
    ["How do I protect it from rain?", "How do I protect it with rain?"],
    ["We were friends at no time.", "We were friends in no time."],
    ["What did the pump cost?", "What does the pump cost?"],
    ["How do I turn on the alarm?", "How do I turn in the alarm?"],
    ["How do I turn the alarm on?", "How do I turn the alarm in?"],
    ["Which of the most expensive plans apply?", "Which of the least expensive plans apply?"],
    ["How do I open the valve quickly?", "How do I close the valve quickly?"],
  ])("keeps %s and %s apart", (one, other) => {
    expect(areNearForms(one, other)).toBe(false);
    expect(areNearForms(other, one)).toBe(false);
  });
});
