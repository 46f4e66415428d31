import { describe, expect, it } from "vitest";
import { passwordFault, passwordTooLong } from "./password-policy.ts";

const owner = { email: "ada@example.org" };

describe("passwordFault", () => {
  it.each([
    ["eleven char", "too_short"],
    ["🙂".repeat(11), "too_short"],
    ["x".repeat(1_025), "too_long"],
    ["é".repeat(600), "too_long"],
    ["Password1234", "common"],
    [" qwerty123456 ", "common"],
    ["abababababab", "common"],
    ["abcdefghijklmnop", "common"],
    ["ADA@example.org", "common"],
  ])("finds %s %s", (password, fault) => {
    expect(passwordFault(password, owner)).toBe(fault);
  });

  it.each(["a long enough phrase", "tr0ub4dor&3xyz", "x1".repeat(6) + "y2Z", "Grüße aus Köln 7"])(
    "lets %s pass",
    (password) => {
      expect(passwordFault(password, owner)).toBeNull();
    },
  );
});

describe("passwordTooLong", () => {
  it("counts bytes, not characters", () => {
    expect(passwordTooLong("é".repeat(512))).toBe(false);
    expect(passwordTooLong("é".repeat(513))).toBe(true);
  });
});
