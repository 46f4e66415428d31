import { describe, expect, it } from "vitest";
import { askableHeading, questionFor } from "./suggested-question.ts";

describe("questionFor", () => {
  it("asks what the document says about a part", () => {
    expect(questionFor("Garden guide", "2.1 Watering tomatoes:")).toBe(
      "What does “Garden guide” say about Watering tomatoes?",
    );
    expect(questionFor("Garden guide", "PRUNING ROSES")).toBe(
      "What does “Garden guide” say about pruning roses?",
    );
  });
  it("takes a heading that is a question as it is", () => {
    expect(questionFor("Help", "How do I reset it?")).toBe("How do I reset it?");
  });
  it("does not name the document twice", () => {
    expect(questionFor("Customer handbook", "Customer handbook")).toBe(
      "What is Customer handbook?",
    );
  });
  it.each(["Contents", "3. Introduction", "References", "12", "A", "=====", "x".repeat(90)])(
    "asks nothing about %j",
    (heading) => {
      expect(askableHeading(heading)).toBeNull();
      expect(questionFor("Title", heading)).toBeNull();
    },
  );
});
