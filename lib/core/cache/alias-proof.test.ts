import { describe, expect, it } from "vitest";
import type { AnswerSnapshot, Source } from "../chat/events.ts";
import { emptyAnswer } from "../chat/fold-answer.ts";
import { proveAlias } from "./alias-proof.ts";
import { formAlone, type SemanticLimits } from "./semantic-decision.ts";

const text = "The warranty of the steel pump is 24 months, that of the valve 12.";
const source = { citation: 1, text } as Source;
const quotes = [{ citation: 1, text, charStart: 0, charEnd: text.length }];
const answer: AnswerSnapshot = {
  ...{ ...emptyAnswer, sources: [source], quotes },
  ...{ verdict: "answerable", outcome: "complete" },
};
const limits = { words: 0.9, answers: 0.9 };

interface Given {
  readonly cosine: number;
  readonly passages: readonly string[];
  readonly fresh: AnswerSnapshot;
  readonly within: SemanticLimits;
}

const prove = (
  cached: string,
  asked: string,
  { cosine = 0.95, passages = [text], fresh = answer, within = limits }: Partial<Given> = {},
): string => {
  const verdict = proveAlias(
    { cached, asked, cosine },
    { cached: answer, fresh, passages },
    within,
  );
  return verdict.kind === "proven" ? verdict.proof.by : verdict.reason;
};

const general = "What is the warranty of the pump?";

describe("proveAlias", () => {
  it("takes what every sentence says of the thing asked for as said already, and idle words", () => {
    expect(prove(general, "What is the warranty of the steel pump?")).toBe("evidence");
    expect(prove("What breaks pumps?", "What are the things that breaks pumps?")).not.toBe("form");
    expect(prove(general, "What is the warranty of pumping?")).toBe("answers");
  });

  it.each([
    ["says more than the passage", general, "What is the warranty of the brass pump?"],
    ["says less than was asked", "What is the warranty of the steel pump?", general],
    [
      "says another word",
      "What is the warranty of the steel pump?",
      "What is the warranty of the steel valve?",
    ],
    [
      "turns the direction",
      "Is it moved from steel pumps to valves?",
      "Is it moved to steel pumps from valves?",
    ],
  ])("proves nothing of a wording that %s", (_, cached, asked) => {
    expect(prove(cached, asked)).toBe("words");
  });

  it("proves nothing where another sentence tells the things apart, or the wordings lie apart", () => {
    const more = "What is the warranty of the steel pump?";
    const passages = [text, "The warranty of a pump is 6 months unless it is of steel."];
    expect(prove(general, more, { passages })).toBe("evidence");
    const others = [text, "The warranty of a brass pump is 6 months."];
    expect(prove(general, more, { passages: others })).toBe("words");
    expect(prove(general, more, { cosine: 0.85 })).toBe("similarity");
  });

  it("names the guard that objects, and what proves without similarities", () => {
    expect(prove("Do 2 pumps run?", "Do 3 pumps run?")).toBe("veto: number");
    expect(prove(general, "What is the warranty of a pump?", { within: formAlone })).toBe("form");
    const more = "What is the warranty of the steel pump?";
    expect(prove(general, more, { within: formAlone })).toBe("not-calibrated");
    expect(prove(general, more, { cosine: 0.9 })).toBe("evidence");
  });

  it("proves nothing against the answers, whatever the words", () => {
    const other = "Nothing is said of it.";
    const fresh = { ...answer, quotes: quotes.map((quote) => ({ ...quote, text: other })) };
    expect(prove(general, general, { fresh })).toBe("answers-differ");
  });
});
