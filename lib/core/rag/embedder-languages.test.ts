import { describe, expect, it } from "vitest";
import { understands, vectorShareFor } from "./embedder-languages.ts";

const english = "In which sea does the Danube end?";
const russian = "В какое море впадает Дунай?";

describe("understands", () => {
  it.each(["all-minilm", "all-minilm:latest", "someone/all-minilm:33m", "nomic-embed-text:v1.5"])(
    "is asked of %s: English only, and only where all of it is",
    (model) => {
      expect(understands(model, [english, english])).toBe(true);
      expect(understands(model, [english, russian])).toBe(false);
    },
  );
  it.each(["bge-m3:latest", "nomic-embed-text-v2-moe", "snowflake-arctic-embed2", "all-minilmx"])(
    "trusts %s with every language",
    (model) => {
      expect(understands(model, [russian])).toBe(true);
    },
  );
});

describe("vectorShareFor", () => {
  const german = "Wie hoch ist die Kaution?";
  it.each([
    ["English", "all-minilm", english, ["english", "english", "german"], 0.6],
    ["what words find nowhere", "all-minilm", english, [], 0.6],
    ["neighbours of English, by their passages", "all-minilm", german, ["german", "simple"], 0.3],
    ["other letters", "all-minilm", russian, ["english"], 0.03],
    [
      "English, though its one word was found elsewhere",
      "all-minilm",
      "How long do I keep invoices from 2020?",
      ["german"],
      0.6,
    ],
    ["other letters beside a name", "all-minilm", "什么是 Kubernetes 的调度策略", ["simple"], 0.03],
    [
      "a name that is found in other letters",
      "all-minilm",
      "PostgreSQL 17",
      ["russian", "russian"],
      0.03,
    ],
    ["numbers", "all-minilm", "2031 + 15 = ?", [], 0.6],
    ["anything with an embedder of many languages", "bge-m3", russian, ["russian"], 0.6],
  ])("weighs vectors by what the embedder knows of %s", (_, model, question, languages, share) => {
    expect(vectorShareFor(model, question, languages)).toBe(share);
  });
});
