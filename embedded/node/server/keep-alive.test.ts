import { describe, expect, it } from "vitest";
import { parseKeepAliveMs } from "./keep-alive.ts";

describe("parseKeepAliveMs", () => {
  it.each([
    [undefined, undefined],
    [null, undefined],
    [300, 300_000],
    [0.5, 500],
    [0, 0],
    ["0", 0],
    ["5m", 300_000],
    ["1h30m", 5_400_000],
    ["1.5s", 1500],
    [-1, Number.POSITIVE_INFINITY],
    ["-1m", Number.POSITIVE_INFINITY],
  ])("reads %j", (value, ms) => {
    expect(parseKeepAliveMs(value)).toBe(ms);
  });

  it.each([
    ["300", 'time: missing unit in duration "300"'],
    ["-1", 'time: missing unit in duration "-1"'],
    ["abc", 'time: invalid duration "abc"'],
    ["", 'time: invalid duration ""'],
    ["5x", 'time: unknown unit "x" in duration "5x"'],
    [true, "Unsupported type: 'bool'"],
    [[], "Unsupported type: '[]interface {}'"],
    [{}, "Unsupported type: 'map[string]interface {}'"],
  ])("answers 400 for %j in Go's words", (value, message) => {
    expect(() => parseKeepAliveMs(value)).toThrow(
      expect.objectContaining({ status: 400, message }) as Error,
    );
  });
});
