import { describe, expect, it } from "vitest";
import { quantizeQ8, toHalfBits } from "./quantize.ts";

const fromHalfBits = (bits: number): number => {
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
};

describe("toHalfBits", () => {
  it.each([
    [0, 0x0000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -26, 0x0000],
    [100_000, 0x7c00],
  ])("writes %d as IEEE 754 does", (value, bits) => {
    expect(toHalfBits(value)).toBe(bits);
  });

  it("rounds to the nearest, ties to even", () => {
    expect(toHalfBits(1 + 2 ** -11)).toBe(0x3c00);
    expect(toHalfBits(1 + 3 * 2 ** -11)).toBe(0x3c02);
    expect(toHalfBits(2047.9999)).toBe(toHalfBits(2048));
  });

  it("gives back every half-precision number itself", () => {
    for (let bits = 0; bits < 0x7c00; bits++) expect(toHalfBits(fromHalfBits(bits))).toBe(bits);
  });
});

describe("quantizeQ8", () => {
  it("keeps each number within half a step of its block's scale", () => {
    const values = Float32Array.from({ length: 96 }, (_, index) => Math.sin(index) * (index + 1));
    const bytes = quantizeQ8(values);
    const view = new DataView(bytes.buffer);
    expect(bytes).toHaveLength(3 * 34);
    for (const [index, value] of values.entries()) {
      const at = Math.floor(index / 32) * 34;
      const scale = fromHalfBits(view.getUint16(at, true));
      const restored = scale * view.getInt8(at + 2 + (index % 32));
      expect(Math.abs(restored - value)).toBeLessThanOrEqual(scale * 0.57);
    }
  });

  it("writes a block of zeros as zeros", () => {
    expect(quantizeQ8(new Float32Array(32)).every((byte) => byte === 0)).toBe(true);
  });
});
