import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSentenceStream } from "./sentence-stream.ts";

function feed(pieces: readonly string[]): readonly string[] {
  const stream = createSentenceStream();
  const sentences = pieces.flatMap((piece) => stream.push(piece));
  const rest = stream.rest();
  return rest === "" ? sentences : [...sentences, rest];
}

describe("SentenceStream", () => {
  it("keeps the marks after a full stop with their sentence", () => {
    expect(feed(["It is so. [1] It is ", "not so [2]. End"])).toEqual([
      "It is so. [1]",
      "It is not so [2].",
      "End",
    ]);
  });

  it("does not end a sentence before the next has begun", () => {
    const stream = createSentenceStream();
    expect(stream.push("It costs 3.")).toEqual([]);
    expect(stream.push("5 euros. ")).toEqual([]);
    expect(stream.push("Next")).toEqual(["It costs 3.5 euros."]);
    expect(stream.rest()).toBe("Next");
    expect(stream.rest()).toBe("");
  });

  it("loses no word however the text is cut", () => {
    const text = "Dr. Smith paid 3.5 million [1]. He left… Then, he came back! [2] Was it so? [3]";
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 })), (sizes) => {
        const pieces: string[] = [];
        let at = 0;
        for (const size of [...sizes, text.length]) {
          pieces.push(text.slice(at, at + size));
          at += size;
        }
        expect(feed(pieces).join("").replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
      }),
    );
  });

  it("keeps the lines on which lists, paragraphs and tables begin", () => {
    expect(
      feed([
        "It holds. [1]\n\n- The bow. [2]\n- The",
        " stern.\n\n| a | b |\n|---|---|\n| 1. A | 2 |\nEnd.",
      ]),
    ).toEqual([
      "It holds. [1]",
      "\n\n- The bow. [2]",
      "\n- The stern.",
      "\n\n| a | b |\n|---|---|\n| 1. A | 2 |",
      "\nEnd.",
    ]);
  });

  it("takes a block of code as one sentence, however it is cut", () => {
    const code = "```js\nlet a = b[1]. c;\n\n// One. Two. [3]\n```";
    const text = `Write this:\n${code}\nThen run it.`;
    for (let cut = 1; cut < text.length; cut += 1) {
      expect(feed([text.slice(0, cut), text.slice(cut)])).toEqual([
        "Write this:",
        `\n${code}`,
        "\nThen run it.",
      ]);
    }
  });
});
