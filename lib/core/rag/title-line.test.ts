import { describe, expect, it } from "vitest";
import { isTitleLine } from "./title-line.ts";

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
