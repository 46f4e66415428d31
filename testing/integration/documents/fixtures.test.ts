import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createEvaluationFolder } from "#lib/adapters/files/evaluation-folder.ts";
import { createDocumentParser } from "#lib/adapters/parsers/document-parser.ts";
import { createSystemClock } from "#lib/adapters/system/clock.ts";
import { createEvaluateDocuments } from "#lib/services/evaluate/evaluate-documents.ts";

const projectRoot = fileURLToPath(new URL("../../../", import.meta.url));

describe("the documents that the repository carries", () => {
  it("end as their manifest expects, through the child that reads them", async () => {
    const evaluate = createEvaluateDocuments({
      parser: createDocumentParser({ projectRoot }),
      clock: createSystemClock(),
    });
    const found = await evaluate({
      data: createEvaluationFolder(`${projectRoot}testing/fixtures/documents`),
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    expect(found["wrong"]).toEqual([]);
    expect(found.counts["files"]).toBeGreaterThanOrEqual(30);
  }, 120_000);
});
