import { describe, expect, it } from "vitest";
import { askedWords, extraTerms, searchText } from "./search-terms.ts";

describe("extraTerms", () => {
  it("takes identifiers apart", () => {
    expect(extraTerms("call parseHttpHeader now")).toEqual(["parse", "Http", "Header"]);
    expect(extraTerms("HTTPServer2 has maxRetryCount")).toEqual([
      "HTTP",
      "Server",
      "2",
      "max",
      "Retry",
      "Count",
    ]);
    expect(extraTerms("lib/core/rag.ts")).toEqual(["lib", "core", "rag", "ts"]);
  });
  it("pairs the characters of scripts without spaces", () => {
    expect(extraTerms("東京都 と")).toEqual(["東京", "京都", "と"]);
  });
  it("adds nothing to ordinary prose", () => {
    expect(extraTerms("The pilot was seeding an area. It burnt.")).toEqual([]);
    expect(searchText("The pilot")).toBe("The pilot");
  });
  it("leaves long chains alone: they are data, not names", () => {
    expect(extraTerms(Array.from({ length: 40 }, () => "ab").join("/"))).toEqual([]);
  });
});

describe("searchText", () => {
  it("is the text and its extra terms", () => {
    expect(searchText("use fooBar")).toBe("use fooBar\nfoo Bar");
  });
  it("adds Hebrew words without what is written as one with them", () => {
    const [asked] = extraTerms("למעבורת");
    expect(extraTerms("המעבורת יוצאת לאי")).toContain(asked);
  });
});

describe("askedWords", () => {
  it("keeps the parts of identifiers apart from all other words", () => {
    expect(askedWords("use fooBar in lib/main.ts")).toEqual({
      text: "use fooBar in lib/main.ts",
      identifiers: [
        { whole: "fooBar", parts: "foo Bar" },
        { whole: "lib/main.ts", parts: "lib main ts" },
      ],
    });
    expect(askedWords("東京都")).toEqual({ text: "東京都 東京 京都", identifiers: [] });
  });
});
