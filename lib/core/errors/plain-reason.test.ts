import { describe, expect, it } from "vitest";
import { AppError } from "./app-error.ts";
import { plainReason } from "./plain-reason.ts";

describe("plainReason", () => {
  it("is what the reader of the file says, with what to do", () => {
    expect(plainReason(new AppError("unsupported_type", { reason: "Unpack it." }))).toBe(
      "Unpack it.",
    );
    expect(plainReason(new AppError("document_unreadable", { reason: "It is cut off." }))).toBe(
      "It is cut off. Save it anew in the program that made it, and upload that.",
    );
  });
  it("is what the code says where the reason is a word for the log", () => {
    expect(plainReason(new AppError("document_too_complex", { reason: "text size" }))).toMatch(
      /^Reading this file needs more .* upload the parts\.$/u,
    );
    expect(plainReason(new AppError("node_failed", { nodeId: "n", reason: "At 10.0.0.1." }))).toBe(
      "A node failed while it worked on this.",
    );
  });
  it("tells how large a file may be", () => {
    expect(plainReason(new AppError("payload_too_large", { limitBytes: 50_000_000 }))).toBe(
      "This is too large. At most 50 MB are taken.",
    );
    expect(plainReason(new AppError("payload_too_large", { limitBytes: 1_000 }))).toBe(
      "This is too large.",
    );
  });
});
