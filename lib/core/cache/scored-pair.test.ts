import { describe, expect, it } from "vitest";
import {
  answersBoth,
  isOpenToScore,
  isSameByScore,
  pairScore,
  readCalibration,
} from "./scored-pair.ts";

describe("what is left to a cross-encoder", () => {
  it.each([
    ["What is the warranty of the pump?", "What is the guarantee of the pump?"],
    ["How do I drain the tank?", "How can I empty the tank?"],
  ])("are other words: %s / %s", (cached, asked) => {
    expect(isOpenToScore({ cached, asked })).toBe(true);
  });

  it.each([
    ["a number", "How do I drain 2 tanks?", "How do I empty 3 tanks?"],
    ["a denial", "How do I drain the tank?", "How do I not empty the tank?"],
    ["a direction", "How do I pay with a card?", "How do I pay by a note?"],
    ["a direction more", "What happens during the test?", "What happens ahead of the test?"],
    ["an order", "Does a dog chase a cat?", "Does a cat chase a dog?"],
    ["a kind of question", "When is the tank drained?", "How is the tank emptied?"],
  ])("is not %s", (_, cached, asked) => {
    expect(isOpenToScore({ cached, asked })).toBe(false);
  });

  it("needs the entry's own sentence quoted for the asked wording, as an answer", () => {
    const agreement = { findsBestQuote: true, sharedQuote: null, passages: [] };
    expect(answersBoth({ ...agreement, isAnswerable: true, quotesBest: true })).toBe(true);
    expect(answersBoth({ ...agreement, isAnswerable: false, quotesBest: true })).toBe(false);
    expect(answersBoth({ ...agreement, isAnswerable: true, quotesBest: false })).toBe(false);
  });
});

describe("a score", () => {
  const calibrated = { limit: 0.8, tally: { served: 700, wrong: 0 }, bound: 0.0043 };

  it("proves from the calibrated limit on, by the lower of both directions", () => {
    expect(isSameByScore(pairScore(0.8, 0.9), calibrated)).toBe(true);
    expect(isSameByScore(pairScore(0.99, 0.79), calibrated)).toBe(false);
    expect(isSameByScore(1, { ...calibrated, limit: null })).toBe(false);
    expect(isSameByScore(NaN, calibrated)).toBe(false);
  });

  it("has a calibration that is read as it was kept, and as none when anything is missing", () => {
    const whole = { ...calibrated, pairs: 6499, pairMs: 12 };
    expect(readCalibration(JSON.stringify(whole))).toEqual(whole);
    for (const broken of [
      ...["", "{", "null"],
      JSON.stringify({ ...whole, limit: 1.1 }),
      JSON.stringify({ ...whole, pairMs: undefined }),
      JSON.stringify({ ...whole, tally: {} }),
    ])
      expect(readCalibration(broken)).toBeNull();
  });
});
