import { describe, expect, it } from "vitest";

import { findPlaces, mostPlaces } from "./find-places.ts";

describe("findPlaces", () => {
  it("finds words in any case and over line ends", () => {
    const text = "High water.\nThe high\nwater mark (a+b).";
    expect(
      findPlaces(text, " HIGH  water ").map(({ start, end }) => text.slice(start, end)),
    ).toEqual(["High water", "high\nwater"]);
    expect(findPlaces(text, "(a+b).")).toHaveLength(1);
    expect(findPlaces(text, "  ")).toEqual([]);
  });

  it("stops at a number that nobody steps through", () => {
    expect(findPlaces("a ".repeat(2000), "a")).toHaveLength(mostPlaces);
  });
});
