import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { restates } from "./restatement.ts";
import { answersNothing, checkSupport } from "./support.ts";

interface JudgedSentence {
  readonly question: string;
  readonly quotes: readonly string[];
  readonly sentence: string;
  readonly supported: boolean;
  readonly round?: number;
}

const read = (file: string): readonly JudgedSentence[] =>
  readFileSync(`testing/fixtures/grounding/${file}`, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as JudgedSentence);
const all = [
  "generated-sentences.jsonl",
  "generated-sentences-qed.jsonl",
  "generated-sentences-further.jsonl",
].flatMap(read);
/** Whatever the model said, and what an earlier rule let through. */
const judged = all.filter(({ round }) => round === undefined);

const shareSupported = (sentences: readonly JudgedSentence[]): number =>
  sentences.filter(({ supported }) => supported).length / sentences.length;

describe("sentences of a real small model, judged by hand", () => {
  const shownOf = (sentences: readonly JudgedSentence[]): readonly JudgedSentence[] =>
    sentences.filter(
      ({ sentence, quotes, question }) =>
        !answersNothing(sentence, question) &&
        quotes.some((quote) => restates(sentence, quote, question)),
    );
  const shown = shownOf(all);

  it("are at least a hundred, and as many wrong as right", () => {
    expect(judged.length).toBeGreaterThanOrEqual(100);
    expect(shareSupported(judged)).toBeGreaterThan(0.4);
    expect(shareSupported(judged)).toBeLessThan(0.6);
  });

  it("are shown as answer only when they are supported, with at most one in twenty wrong of a hundred", () => {
    expect(shown.length).toBeGreaterThanOrEqual(100);
    expect(1 - shareSupported(shown)).toBeLessThanOrEqual(0.05);
  });

  it("are shown when they are supported in a quarter of the cases: whatever is said in another order is not", () => {
    const right = judged.filter(({ supported }) => supported);
    expect(shownOf(right).length / right.length).toBeGreaterThan(0.25);
  });

  it("pass the check for larger models mostly when they are supported: of the wrong ones one in nine", () => {
    const passed = judged.filter(
      ({ sentence, quotes }) => checkSupport(sentence, quotes.join("\n"), null).supported,
    );
    const [right, wrong] = [true, false].map(
      (is) =>
        passed.filter(({ supported }) => supported === is).length /
        judged.filter(({ supported }) => supported === is).length,
    );
    expect(right).toBeGreaterThan(0.65);
    expect(wrong).toBeLessThan(0.13);
  });
});
