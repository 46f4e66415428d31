import type { ErrorCode } from "../../core/errors/error-codes.ts";
import type { ParsedDocument, ParseProgress } from "../../ports/document-parser.ts";

/** The pipe on which the parser child reports: standard output is left to whatever libraries print. */
export const reportFd = 3;

/** One line of the report: any number of `progress`, then one of the others. */
export type WorkerReport =
  | { readonly type: "progress"; readonly progress: ParseProgress }
  | { readonly type: "document"; readonly document: ParsedDocument }
  | { readonly type: "failed"; readonly code: ErrorCode; readonly reason: string | null };
