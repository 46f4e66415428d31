import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { errorCodes } from "./error-codes.ts";

const rowPattern = /^\| `([a-z_]+)`\s*\| (\d{3})\s*\| (yes|no)\s*\| (.+?)\s*\|$/;

describe("errorCodes", () => {
  it("stands word for word in docs/errors.md", async () => {
    const text = await readFile(new URL("../../../docs/errors.md", import.meta.url), "utf8");
    const rows = text.split("\n").flatMap((line) => {
      const [, code, status, again, message] = rowPattern.exec(line) ?? [];
      return code === undefined ? [] : [{ code, status: Number(status), again, message }];
    });
    const expected = Object.entries(errorCodes).map(([code, meaning]) => ({
      code,
      status: meaning.status,
      again: meaning.retryable ? "yes" : "no",
      message: meaning.message,
    }));
    expect(rows).toEqual(expected);
  });

  it("gives every code a failing status and a sentence", () => {
    for (const { status, message } of Object.values(errorCodes)) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(message).toMatch(/^[A-Z].*\.$/);
    }
  });
});
