import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { createEvaluationFolder } from "../../adapters/files/evaluation-folder.ts";
import { AppError } from "../../core/errors/app-error.ts";
import type { DocumentParser } from "../../ports/document-parser.ts";
import { createEvaluateDocuments } from "./evaluate-documents.ts";

const text = (words: string) => ({ title: null, text: words, pages: [], blocks: [], warnings: [] });

/** Ends as the file's name says. */
const parser: DocumentParser = {
  detect: () => Promise.resolve("text/plain"),
  parse: ({ fileName }) => {
    if (fileName === "crash") return Promise.reject(new Error("segmentation fault"));
    if (fileName === "internal") return Promise.reject(new AppError("internal", {}));
    if (fileName === "locked") return Promise.reject(new AppError("document_encrypted", {}));
    return Promise.resolve(text("Le   Café\nnoir"));
  },
};

describe("createEvaluateDocuments", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "drover evaluation "));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const evaluate = async (entries: readonly object[]) => {
    const lines = entries.map((entry) => JSON.stringify(entry)).join("\n");
    await writeFile(join(folder, "manifest.jsonl.gz"), gzipSync(`${lines}\n`));
    return createEvaluateDocuments({ parser, clock: createFakeClock() })({
      data: createEvaluationFolder(folder),
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
  };

  it("compares text after normalising letters, spaces and case", async () => {
    const found = await evaluate([
      { file: "a", expect: "text", must_contain: "le cafe\u0301 NOIR" },
      { file: "b", expect: "text", must_contain: "thé" },
      { file: "c", expect: "text" },
    ]);
    expect(found.counts).toEqual({ files: 3, ok: 2, wrong: 1 });
    expect(found["wrong"]).toMatchObject([{ file: "b", expected: "text", got: "text" }]);
  });

  it("takes a reason for a right end only where one is expected", async () => {
    const found = await evaluate([
      { file: "locked", expect: "error" },
      { file: "locked", expect: "either" },
      { file: "locked", expect: "text" },
      { file: "a", expect: "error" },
      { file: "a", expect: "either" },
    ]);
    expect(found.metrics["ok"]).toBe(3 / 5);
    expect(found["wrong"]).toMatchObject([
      { file: "locked", got: "document_encrypted" },
      { file: "a", got: "text", reason: "It was read, but must not be." },
    ]);
  });

  it("never takes a crash or an unexplained fault for a right end", async () => {
    const found = await evaluate([
      { file: "crash", expect: "either" },
      { file: "internal", expect: "error" },
    ]);
    expect(found["wrong"]).toMatchObject([{ got: "crash" }, { got: "internal" }]);
  });

  it("says what is missing in a folder of another kind, and reads nothing outside of it", async () => {
    const empty = createEvaluationFolder(join(folder, "none"));
    await expect(
      empty.lines("manifest.jsonl")[Symbol.asyncIterator]().next(),
    ).rejects.toMatchObject({ code: "not_found" });
    expect(() => empty.filePath("../secret")).toThrow(
      expect.objectContaining({ code: "bad_request" }),
    );
  });
});
