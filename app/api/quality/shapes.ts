import { z } from "zod";
import { goldenLimits } from "#lib/core/evaluation/golden-file.ts";
import { searchLanguages } from "#lib/core/rag/search-languages.ts";
import { collectionIds, fileNameText, freeText, questionText } from "#lib/http/shapes.ts";

/** Parameters of a search to be tried; what is left out is as in force. */
export const triedSettings = z.strictObject({
  vectorShare: z.number().min(0).max(1),
  lexicalCandidates: z.number().int().min(0).max(500),
  vectorCandidates: z.number().int().min(0).max(500),
  limit: z.number().int().min(1).max(20),
  neighbourChars: z.number().int().min(0).max(2_000),
  language: z.enum(searchLanguages).nullable(),
});

export const searchTrial = z.strictObject({
  text: questionText,
  previousQuestion: questionText.exactOptional(),
  collectionIds,
  settings: z.array(triedSettings).min(1).max(2),
});

const goldenText = {
  question: questionText,
  fileName: fileNameText.nullable(),
  passage: freeText(goldenLimits.passage),
};
const passageHasFile = ({ fileName, passage }: { fileName: string | null; passage: string }) =>
  fileName !== null || passage === "";
const needsFile = "a passage needs the name of its file";

export const goldenChange = z.strictObject(goldenText).refine(passageHasFile, needsFile);
export const newGolden = z
  .strictObject({ ...goldenText, answerId: z.uuid().exactOptional() })
  .refine(passageHasFile, needsFile);

export const goldenImport = z.strictObject({
  format: z.enum(["jsonl", "csv"]),
  content: z.string().min(1).max(900_000),
});

export const goldenExport = z.strictObject({
  format: z.enum(["jsonl", "csv", "qrels", "corpus"]),
});

export const goldenRun = z.strictObject({
  settings: z
    .strictObject({
      vectorShare: z.number().min(0).max(1),
      lexicalCandidates: z.number().int().min(0).max(500),
      vectorCandidates: z.number().int().min(0).max(500),
    })
    .exactOptional(),
});
