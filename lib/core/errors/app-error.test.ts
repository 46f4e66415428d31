import { describe, expect, it } from "vitest";
import { AppError, isAppError } from "./app-error.ts";

describe("isAppError", () => {
  it("knows an error made by another copy of the module by its brand", () => {
    const foreign = Object.assign(new Error("x"), {
      [Symbol.for("drover.AppError")]: true,
      code: "not_found",
      details: {},
    });
    expect(isAppError(foreign)).toBe(true);
    expect(isAppError(foreign, "not_found")).toBe(true);
    expect(isAppError(foreign, "conflict")).toBe(false);
  });

  it("knows no other value", () => {
    for (const other of [new Error("x"), null, undefined, "not_found", { code: "not_found" }])
      expect(isAppError(other)).toBe(false);
  });

  it("keeps code, details and cause", () => {
    const cause = new Error("socket closed");
    const error = new AppError("node_failed", { nodeId: "a", reason: "cut" }, { cause });
    expect(error).toMatchObject({ code: "node_failed", details: { nodeId: "a", reason: "cut" } });
    expect(error.cause).toBe(cause);
  });
});
