import { goldenFile } from "#lib/http/golden-export.ts";
import { textAttachment } from "#lib/http/reply.ts";
import { idParams } from "#lib/http/shapes.ts";
import { handle } from "../../../../handle.ts";
import { goldenExport } from "../../../../quality/shapes.ts";

/** As `npm run evaluate -- retrieval` looks for them. */
const fileNames = {
  jsonl: "queries.jsonl",
  csv: "golden-questions.csv",
  qrels: "qrels.tsv",
  corpus: "corpus.jsonl",
} as const;

export const GET = handle(
  { auth: "admin", params: idParams, query: goldenExport },
  async ({ container, actor, params: { id }, query: { format }, audit }) => {
    const { golden } = container.quality;
    const questions = await golden.list(actor, id);
    await audit({ action: "golden.export", target: id, detail: { format } });
    const pieces = goldenFile(format, questions, () => golden.corpus(actor, id));
    return textAttachment({ pieces, fileName: fileNames[format] });
  },
);
