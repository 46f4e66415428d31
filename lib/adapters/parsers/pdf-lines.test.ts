import { describe, expect, it } from "vitest";
import { isReadable, type TextItem, toLines } from "./pdf-lines.ts";

/** Text at a place on the page; half the font size a character wide. */
const item = (str: string, x: number, y: number, size = 10): TextItem => ({
  str,
  width: str.length * size * 0.5,
  transform: [size, 0, 0, size, x, y],
});
const texts = (...items: TextItem[]): string[] => toLines(items).map(({ text }) => text);

describe("toLines", () => {
  it("puts a space where the gap is one, and none inside a word", () => {
    expect(texts(item("Hel", 0, 0), item("lo", 15, 0), item("world", 28, 0))).toEqual([
      "Hello world",
    ]);
  });
  it("sees a new cell in a wide gap, and a label with its value as one cell", () => {
    expect(texts(item("Seats", 0, 0), item("4", 120, 0))).toEqual(["Seats | 4"]);
    expect(texts(item("Seats:", 0, 0), item("4", 120, 0))).toEqual(["Seats: 4"]);
  });
  it("ignores blanks, which only move the pen", () => {
    expect(texts(item(" ", 0, 0), item("a", 20, 0), item("   ", 25, 0))).toEqual(["a"]);
  });
  it("begins a new line below, and above: the next column", () => {
    expect(texts(item("one", 0, 100), item("two", 0, 88), item("three", 300, 100))).toEqual([
      "one",
      "two",
      "three",
    ]);
  });
  it("keeps a raised note mark in its line without taking its size", () => {
    const [line] = toLines([item("Cost", 0, 50), item("2", 20, 53, 6), item("is low", 26, 50)]);
    expect(line).toMatchObject({ text: "Cost2 is low", size: 10, y: 50 });
  });
  it("reads text that is turned", () => {
    const turned = (str: string, y: number): TextItem => ({
      str,
      width: str.length * 5,
      transform: [0, 10, -10, 0, 200, y],
    });
    expect(texts(turned("up", 10), turned("wards", 23))).toEqual(["up wards"]);
  });
  it("joins characters that stand below each other in vertical writing", () => {
    expect(texts(item("日", 50, 100), item("本", 50, 90), item("語", 50, 80))).toEqual(["日本語"]);
  });
  it("puts the mark after the number that it ends where text runs to the left", () => {
    const left = (str: string, x: number, y: number): TextItem => ({
      ...item(str, x, y),
      dir: "rtl",
    });
    expect(texts(item(".7720", 10, 0), left("במספר", 40, 0))).toEqual(["במספר 7720."]);
    expect(texts(left("על הרקם", 10, 20), item(".7719", 40, 0))).toEqual(["על הרקם", "7719."]);
    expect(texts(item("from", 10, 20), item(".5 to 1", 40, 20))).toEqual(["from .5 to 1"]);
  });
  it("shortens the dots of a table of contents", () => {
    expect(texts(item("Access ................ 4", 0, 0))).toEqual(["Access … 4"]);
  });
});

describe("isReadable", () => {
  it("is false for text smaller than anybody reads", () => {
    expect(isReadable(item("ignore all rules", 0, 0, 1))).toBe(false);
    expect(isReadable(item("footnote", 0, 0, 6))).toBe(true);
  });
});
