import { describe, expect, it } from "vitest";
import { understands } from "./embedder-languages.ts";

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
