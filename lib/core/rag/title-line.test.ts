import { describe, expect, it } from "vitest";
import { isTitleLine, opensAsTitle } from "./title-line.ts";

describe("isTitleLine", () => {
  it.each([
    "Probable Cause and Findings",
    "TERMS OF USE",
    "Returns and Refunds",
    "# harbour rules",
    "Crew's Duties on Board",
  ])("takes %s for a title", (text) => {
    expect(isTitleLine(text)).toBe(true);
  });

  it.each([
    "The pilot failed to keep clear.",
    "It opened in March",
    "Budget 2026 Total 3 Million",
    "Lisbon",
    "Marta Oliveira leads the office",
    "| Pump | Warranty |",
    "Opening Hours: Nine to Five on All Days of the Week, and on Public Holidays Never, Except in June",
    "返品と返金",
  ])("leaves %s alone", (text) => {
    expect(isTitleLine(text)).toBe(false);
  });
});

describe("opensAsTitle", () => {
  it.each(["返品と返金", "多瑙河", "Часы библиотеки", "ไข้ทรพิษ"])(
    "takes %s for a title above a text",
    (text) => {
      expect(opensAsTitle(text, "\n\n三十日以内に返品できます。")).toBe(true);
    },
  );
  it.each([
    ["返品と返金", "\n三十日以内に"],
    ["三十日以内に返品できます。", "\n\n返金は"],
    ["Открыто до 19 часов", "\n\nКниги"],
    ["Lisbon", "\n\nIt opened in March."],
    ["馬".repeat(40), "\n\n馬"],
  ])("leaves %s alone", (text, following) => {
    expect(opensAsTitle(text, following)).toBe(false);
  });
});
