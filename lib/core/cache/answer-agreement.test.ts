import { describe, expect, it } from "vitest";
import type { AnswerSnapshot } from "../chat/events.ts";
import { emptyAnswer } from "../chat/fold-answer.ts";
import { answersAgree } from "./answer-agreement.ts";

const answer = (quotes: readonly string[], prose: readonly string[] = []): AnswerSnapshot => ({
  ...{ ...emptyAnswer, verdict: "answerable", outcome: "complete" },
  quotes: quotes.map((text) => ({ citation: 1, text, charStart: 0, charEnd: text.length })),
  sentences: prose.map((text, index) => ({ index, text, citations: [1], supported: true })),
});

const [first, second, third] = ["Pumps run for 24 hours.", "Valves close at 5 bar.", "Oil it."];

const agree = (one: AnswerSnapshot, other: AnswerSnapshot): boolean => {
  expect(answersAgree(other, one)).toBe(answersAgree(one, other));
  return answersAgree(one, other);
};

describe("two answers made apart", () => {
  it("agree where each one's first quote is among the other's", () => {
    expect(agree(answer([first]), answer([first]))).toBe(true);
    expect(agree(answer([first, second]), answer([second, first, third]))).toBe(true);
    expect(agree(answer([first, second]), answer([third, first]))).toBe(false);
    expect(agree(answer([first]), answer([second, first]))).toBe(false);
    expect(agree(answer([first]), answer([second]))).toBe(false);
  });

  it("agree where one quotes four fifths of the other, as they stand", () => {
    const long = "x".repeat(99) + ".";
    expect(agree(answer([long]), answer([long.slice(20)]))).toBe(true);
    expect(agree(answer([long]), answer([long.slice(21)]))).toBe(false);
    expect(agree(answer([long]), answer([long.slice(20).replace(".", "!")]))).toBe(false);
  });

  it("are no answers unless they are complete, with a quote that answers", () => {
    const whole = answer([first]);
    expect(agree(whole, { ...whole, outcome: "stopped" })).toBe(false);
    expect(agree(whole, { ...whole, verdict: "related" })).toBe(false);
    expect(agree(whole, answer([]))).toBe(false);
    expect(agree(answer([]), answer([]))).toBe(false);
    const broken = { ...whole, outcome: "interrupted" as const };
    expect(agree(broken, broken)).toBe(false);
  });

  it.each([
    ["Pumps run for 24 hours.", "Pumps run for 25 hours."],
    ["It is 5 kg.", "It is 5 lb."],
    ["Pumps are covered.", "Pumps are not covered."],
    ["It runs on node 22.04-lts.", "It runs on node 24.04-lts."],
    ["It was open.", "It will be open."],
  ])("differ where their prose does in what counts: %s / %s", (one, other) => {
    expect(agree(answer([first], [one]), answer([first], [other]))).toBe(false);
  });

  it("may say it in other words, and one of them in none", () => {
    const prose = answer([first], ["Pumps run.", "It is for 24 hours."]);
    expect(agree(prose, answer([first], ["Each pump runs, for 24 hours it is."]))).toBe(true);
    expect(agree(prose, answer([first]))).toBe(true);
  });
});
