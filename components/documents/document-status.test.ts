import { describe, expect, it } from "vitest";

import {
  keepFirst,
  sayProgress,
  sayStatus,
  sayTimeLeft,
  timeLeftMs,
  type ProgressSample,
} from "./document-status.ts";

const at = (done: number, atMs: number, stage: ProgressSample["stage"] = "embedding") => ({
  stage,
  done,
  atMs,
});

describe("timeLeftMs", () => {
  it("goes by the speed of the stage so far", () => {
    expect(timeLeftMs(at(10, 0), at(30, 4_000), 100)).toBe(14_000);
  });

  it("says nothing before the speed can be trusted, without progress, or at the end", () => {
    expect(timeLeftMs(at(10, 0), at(30, 1_000), 100)).toBeNull();
    expect(timeLeftMs(at(10, 0), at(10, 9_000), 100)).toBeNull();
    expect(timeLeftMs(at(10, 0), at(100, 9_000), 100)).toBeNull();
    expect(timeLeftMs(null, at(10, 9_000), 100)).toBeNull();
  });

  it("does not carry the speed of one stage into the next", () => {
    expect(timeLeftMs(at(0, 0, "reading"), at(5, 9_000), 100)).toBeNull();
  });
});

describe("sayProgress", () => {
  it("names what its stage counts", () => {
    const pdf = { mediaType: "application/pdf", progressDone: 5, progressTotal: 20 } as const;
    const book = { ...pdf, mediaType: "application/epub+zip" } as const;
    expect([
      sayProgress({ ...pdf, stage: "reading" }),
      sayProgress({ ...book, stage: "reading" }),
      sayProgress({ ...book, stage: "embedding" }),
      sayProgress({ ...pdf, stage: "publishing" }),
    ]).toEqual(["5 of 20 pages", "5 of 20", "5 of 20 passages", "5 of 20"]);
  });
});

describe("keepFirst", () => {
  it("begins anew with each stage and after a retry", () => {
    const first = at(0, 0);
    expect(keepFirst(first, at(5, 1_000))).toBe(first);
    expect(keepFirst(first, at(1, 2_000, "publishing"))).toEqual(at(1, 2_000, "publishing"));
    expect(keepFirst(at(50, 0), at(0, 3_000))).toEqual(at(0, 3_000));
  });
});

describe("status words", () => {
  it("is one word for every state", () => {
    expect(sayStatus({ status: "processing", stage: "embedding" })).toBe("Indexing");
    expect(sayStatus({ status: "failed", stage: "reading" })).toBe("Failed");
    expect(sayTimeLeft(14_000)).toBe("about 14 s left");
    expect(sayTimeLeft(null)).toBeNull();
  });
});
