import { describe, expect, it } from "vitest";
import {
  compareGolden,
  goldenMetrics,
  type GoldenResult,
  holdsPassage,
  judgeGolden,
} from "./golden-question.ts";

const passage = "The crane on the east quay lifts boats of up to twelve tonnes.";

describe("holdsPassage", () => {
  it("finds a passage whatever its line breaks and punctuation are", () => {
    expect(holdsPassage(`Rules\n${passage.replaceAll(" ", "\n")} More.`, passage)).toBe(true);
    expect(
      holdsPassage("THE CRANE, on the east quay: lifts boats of up to twelve tonnes!", passage),
    ).toBe(true);
  });

  it("is content with half of a passage that a cut went through, not with less", () => {
    expect(holdsPassage("east quay lifts boats of up to twelve tonnes.", passage)).toBe(true);
    expect(holdsPassage("boats of up to twelve tonnes.", passage)).toBe(false);
  });

  it("wants a short passage whole, as words and not as letters", () => {
    expect(holdsPassage("It opens at eight o'clock.", "at eight")).toBe(true);
    expect(holdsPassage("It opens at eighteen.", "at eight")).toBe(false);
  });
});

const golden = { id: "q", question: "How heavy?", fileName: "rules.md", passage };
const quote = { fileName: "rules.md", text: "The crane on the east quay lifts boats" };

describe("judgeGolden", () => {
  it("takes the place of the first passage of the right file that holds the words", () => {
    const passages = [
      { fileName: "other.md", text: passage },
      { fileName: "rules.md", text: "Something else." },
      { fileName: "rules.md", text: passage },
    ];
    const result = judgeGolden(golden, { passages, quotes: [quote], verdict: "answerable" });
    expect(result).toMatchObject({ rank: 3, evidence: true, refused: false });
  });

  it("knows neither place nor evidence where nothing answers", () => {
    const none = { ...golden, fileName: null, passage: "" };
    const result = judgeGolden(none, { passages: [], quotes: [quote], verdict: "related" });
    expect(result).toMatchObject({ rank: null, evidence: null, refused: true });
  });

  it("does not take a quote of another file or place for evidence", () => {
    const quotes = [
      { ...quote, fileName: "other.md" },
      { fileName: "rules.md", text: "The office opens at eight in the morning" },
    ];
    expect(judgeGolden(golden, { passages: [], quotes, verdict: "answerable" }).evidence).toBe(
      false,
    );
  });
});

const result = (change: Partial<GoldenResult>): GoldenResult => ({
  ...{ questionId: "q", question: "?", fileName: "rules.md" },
  ...{ rank: 1, evidence: true, refused: false, ...change },
});

describe("goldenMetrics", () => {
  it("takes answerable questions and those that must be refused apart", () => {
    const metrics = goldenMetrics([
      result({}),
      result({ rank: 4, evidence: false }),
      result({ rank: null, evidence: false, refused: true }),
      result({ rank: 10 }),
      result({ fileName: null, rank: null, evidence: null, refused: true }),
      result({ fileName: null, rank: null, evidence: null, refused: false }),
    ]);
    expect(metrics).toEqual({
      ...{ "recall@1": 1 / 4, "recall@5": 2 / 4, "recall@8": 2 / 4 },
      ...{ "mrr@20": (1 + 1 / 4 + 1 / 10) / 4, answered: 3 / 4, evidence: 2 / 4, refused: 1 / 2 },
    });
  });

  it("leaves out what no question says anything of", () => {
    expect(goldenMetrics([])).toEqual({});
    expect(Object.keys(goldenMetrics([result({ fileName: null, refused: true })]))).toEqual([
      "refused",
    ]);
  });
});

describe("compareGolden", () => {
  it("names what came out otherwise, the losses first, and nothing else", () => {
    const before = [
      result({ questionId: "same" }),
      result({ questionId: "up", rank: null }),
      result({ questionId: "down" }),
      result({ questionId: "gone" }),
    ];
    const after = [
      result({ questionId: "same" }),
      result({ questionId: "up", rank: 2 }),
      result({ questionId: "down", rank: 3 }),
      result({ questionId: "new" }),
    ];
    expect(
      compareGolden(before, after).map(({ after: { questionId }, direction }) => [
        questionId,
        direction,
      ]),
    ).toEqual([
      ["down", "worse"],
      ["up", "better"],
    ]);
  });

  it("takes a right refusal for better", () => {
    const open = result({ fileName: null, rank: null, evidence: null, refused: false });
    expect(compareGolden([open], [{ ...open, refused: true }])[0]?.direction).toBe("better");
  });
});
