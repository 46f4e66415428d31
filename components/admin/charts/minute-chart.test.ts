import { describe, expect, it } from "vitest";
import { roundTop } from "./minute-chart.tsx";

describe("roundTop", () => {
  it.each([
    [[3, null, 41], 50],
    [[null], 1],
    [[1], 1],
    [[101], 200],
    [[0.2], 1],
    [[7_000, 12], 10_000],
  ])("of %j is %d", (values, top) => {
    expect(roundTop(values, 1)).toBe(top);
  });
});
