import { describe, expect, it } from "vitest";
import { answerProfileOf } from "./answer-profile.ts";
import { answerTypeOf, holdsAnswerType } from "./answer-type.ts";
import { citationsIn, withoutMarks } from "./citation-marks.ts";
import { smallTalkOf, smallTalkReply } from "./small-talk.ts";
import { standsAlone } from "./standalone.ts";
import { contentStems, stemOf } from "./words.ts";

describe("standsAlone", () => {
  it.each([
    "What is the warranty of the Aurora 300 pump?",
    "Who leads the Lisbon office?",
    "Is there a canteen in the Lisbon office?",
    "Which river that crosses Paris is the longest?",
  ])("leaves a whole question as it is: %s", (question) => {
    expect(standsAlone(question)).toBe(true);
  });

  it.each([
    "Why?",
    "And in winter?",
    "How many employees does it have?",
    "What about the second one?",
    "Who wrote them?",
    "what else",
    "When?",
  ])("sees that a question needs the one before: %s", (question) => {
    expect(standsAlone(question)).toBe(false);
  });
});

describe("smallTalkOf", () => {
  it.each([
    ["hello", "greeting"],
    ["Hi there!", "greeting"],
    ["Good morning", "greeting"],
    ["Thanks a lot.", "thanks"],
    ["What can you do?", "about"],
    ["who are you", "about"],
    ["help", "about"],
    ["???", "about"],
  ])("knows %s as %s", (text, kind) => {
    expect(smallTalkOf(text)).toBe(kind);
  });

  it.each([
    "What can a manager do about late deliveries?",
    "Hello Kitty sales in 2019?",
    "How do I use the pump?",
  ])("takes a question about the documents seriously: %s", (text) => {
    expect(smallTalkOf(text)).toBeNull();
  });

  it("answers each kind in its own words", () => {
    const replies = (["greeting", "thanks", "about"] as const).map(smallTalkReply);
    expect(new Set(replies).size).toBe(3);
  });
});

describe("answer types", () => {
  it.each([
    ["Who wrote it?", "person", "It was written by Jane Austen.", "It was written long ago."],
    ["When did it open?", "time", "It opened in March 2019.", "It opened quietly."],
    ["How many people work there?", "number", "It has 42 employees.", "It has employees."],
    ["Where is the office?", "place", "The office is in Lisbon.", "The office is large."],
  ])("%s asks for a %s", (question, type, holding, lacking) => {
    expect(answerTypeOf(question)).toBe(type);
    expect(holdsAnswerType(holding, answerTypeOf(question))).toBe(true);
    expect(holdsAnswerType(lacking, answerTypeOf(question))).toBe(false);
  });

  it("asks for nothing particular otherwise", () => {
    expect(answerTypeOf("Why does it rain?")).toBe("any");
    expect(holdsAnswerType("Anything.", "any")).toBe(true);
  });
});

describe("answerProfileOf", () => {
  it.each([
    ["smollm2:135m", "tiny"],
    ["smollm2:360m", "tiny"],
    ["smollm2", "phraser"],
    ["qwen2.5:0.5b", "tiny"],
    ["llama3.2:1b", "phraser"],
    ["gemma3:270m-it-q8_0", "tiny"],
    ["registry.example/library/qwen2.5:7b-instruct", "phraser"],
    ["mistral", "phraser"],
  ])("%s is a %s", (model, profile) => {
    expect(answerProfileOf(model)).toBe(profile);
  });
});

describe("citation marks", () => {
  it("reads each existing mark once and takes the marks out of the text", () => {
    const sentence = "It opened in 2019 [2][1] as planned [2] [9].";
    expect(citationsIn(sentence, 3)).toEqual([2, 1]);
    expect(withoutMarks(sentence)).toBe("It opened in 2019 as planned.");
  });
});

describe("stems", () => {
  it.each([
    ["covered", "covers", "covering", "cover"],
    ["refunded", "refund", "refunds", "refunding"],
    ["stopped", "stops", "stopping", "stop"],
    ["companies", "company"],
    ["purchased", "purchase", "purchases"],
    ["organised", "organized", "organizing"],
  ])("are the same for the forms of %s", (...forms) => {
    expect(new Set(forms.map(stemOf)).size).toBe(1);
  });

  it("drop words without meaning and possessives, and keep numbers whole", () => {
    expect(contentStems("What is the pump's weight in 3.5 kg?")).toEqual([
      "pump",
      "weight",
      "3.5",
      "kg",
    ]);
  });
});
