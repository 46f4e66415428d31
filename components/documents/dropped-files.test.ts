import { describe, expect, it } from "vitest";

import { isMeant } from "./dropped-files.ts";

describe("isMeant", () => {
  it("leaves out what systems and tools leave in folders", () => {
    expect(["a/b/c.pdf", "notes.md"].every(isMeant)).toBe(true);
    expect(["a/.DS_Store", ".git/config", "a/node_modules/x.js", "Thumbs.db"].some(isMeant)).toBe(
      false,
    );
  });
});
