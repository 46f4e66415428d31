import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTextAssembler } from "./text-assembler.ts";

/** Tokens here are single bytes: the worst case for characters and stop texts. */
const toText = (tokens: readonly number[]): string => Buffer.from(tokens).toString("utf8");

const assemble = (
  text: string,
  stops: readonly string[],
): { text: string; pieces: string[]; stopped: boolean } => {
  const assembler = createTextAssembler(toText, stops);
  const pieces: string[] = [];
  for (const byte of Buffer.from(text)) {
    const { text: piece, stopped } = assembler.add(byte);
    if (piece !== "") pieces.push(piece);
    if (stopped) return { text: pieces.join(""), pieces, stopped };
  }
  return { text: pieces.join("") + assembler.end(), pieces, stopped: false };
};

describe("createTextAssembler", () => {
  it("never sends part of a character", () => {
    const { pieces } = assemble("Привет 😀", []);
    expect(pieces).toEqual(["П", "р", "и", "в", "е", "т", " ", "😀"]);
  });

  it("gives every text back whole", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(assemble(text, ["\u0000stop"]).text).toBe(text);
      }),
    );
  });

  it("holds back what could become a stop text, and sends it when it does not", () => {
    expect(assemble("a<|im_x", ["<|im_end|>"]).pieces).toEqual(["a", "<|im_x"]);
    expect(assemble("a<|im", ["<|im_end|>"]).text).toBe("a<|im");
  });

  it("ends before a stop text and leaves it out", () => {
    expect(assemble("1, 2, 3, 4", ["3"])).toMatchObject({ text: "1, 2, ", stopped: true });
    expect(assemble("one<|im_end|>two", ["<|im_start|>", "<|im_end|>"])).toMatchObject({
      text: "one",
      stopped: true,
    });
  });

  it("sends bytes that are no character rather than waiting for ever", () => {
    const assembler = createTextAssembler(toText, []);
    const pieces = [0xff, 0xff, 0xff, 0xff, 0x61].map((byte) => assembler.add(byte).text);
    expect(pieces.join("")).toContain("\ufffd");
    expect(pieces.at(-1)).toBe("a");
  });
});
