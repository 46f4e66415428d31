import type { ParsedDocument, ParseProgress } from "../../ports/document-parser.ts";

/** Reads a whole file in the child process. Throws AppError `document_*`; anything else it throws counts as unreadable. */
export type ReadFile = (
  bytes: Uint8Array,
  onProgress: (progress: ParseProgress) => void,
) => Promise<ParsedDocument>;
