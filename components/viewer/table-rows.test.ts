import { describe, expect, it } from "vitest";
import { namesColumns, tableRows } from "./table-rows.ts";

const cells = (text: string, start = 0): readonly (readonly string[])[] | null =>
  tableRows(text, { start, end: text.length })?.map((row) =>
    row.map((cell) => text.slice(cell.start, cell.end)),
  ) ?? null;

describe("tableRows", () => {
  it("gives every cell its place in the text, empty ones at an end included", () => {
    expect(cells("Sheet\n\nPump | Hours\nA-7 | 12\nB-2 |", 7)).toEqual([
      ["Pump", "Hours"],
      ["A-7", "12"],
      ["B-2", ""],
    ]);
  });
  it("is none for prose, for one row alone, and where a line has no cells", () => {
    expect(cells("Words | and words")).toBeNull();
    expect(cells("One line.\nAnother.")).toBeNull();
    expect(cells("a | b\nA line between\nc | d")).toBeNull();
    expect(cells("x||y\na|b")).toBeNull();
  });
});

describe("namesColumns", () => {
  it("tells names from the first row of figures", () => {
    const named = "Pump | Hours 2024 |\nA-7 | 12 | x";
    const plain = "A-7 | 12\nB-2 | 9";
    expect(namesColumns(named, tableRows(named, { start: 0, end: named.length })?.[0] ?? [])).toBe(
      true,
    );
    expect(namesColumns(plain, tableRows(plain, { start: 0, end: plain.length })?.[0] ?? [])).toBe(
      false,
    );
  });
});
