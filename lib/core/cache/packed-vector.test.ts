import { describe, expect, it } from "vitest";
import { packedVector, unpackedVector } from "./packed-vector.ts";

describe("a packed vector", () => {
  it("is 32-bit floats, little end first, and comes back as it was", () => {
    expect([...packedVector([1, -2])]).toEqual([0, 0, 128, 63, 0, 0, 0, 192]);
    expect(unpackedVector(packedVector([0.5, -0.25, 3]))).toEqual([0.5, -0.25, 3]);
  });

  it("is read from within a larger buffer", () => {
    const bytes = new Uint8Array(12);
    bytes.set(packedVector([7, 8]), 4);
    expect(unpackedVector(bytes.subarray(4))).toEqual([7, 8]);
  });

  it("is none of a wrong length, nor of what is no number", () => {
    expect(unpackedVector(new Uint8Array(0))).toBeNull();
    expect(unpackedVector(new Uint8Array(6))).toBeNull();
    expect(unpackedVector(packedVector([1, Number.NaN]))).toBeNull();
    expect(unpackedVector(packedVector([1, Infinity]))).toBeNull();
  });
});
