/** A heading, table row group, list or code block found while reading; offsets count UTF-16 units of `text`. */
export interface ParsedBlock {
  readonly kind: "heading" | "paragraph" | "list" | "table" | "code";
  readonly start: number;
  readonly end: number;
  /** Heading level 1 to 6; 0 for other kinds. */
  readonly level: number;
}

/** What a file says, as one canonical text that every later offset counts in. */
export interface ParsedDocument {
  readonly title: string | null;
  readonly text: string;
  /** `[start, end)` of each page; empty where the format has none. */
  readonly pages: readonly (readonly [number, number])[];
  /** In order, not overlapping. */
  readonly blocks: readonly ParsedBlock[];
  /** What was stripped or left out, in words for an admin. */
  readonly warnings: readonly string[];
}

export interface ParseProgress {
  readonly done: number;
  readonly total: number;
}

/** Reads a file in a child process: no network, no secrets, limited time, memory and output. Throws AppError `document_*` or `unsupported_type`. */
export interface DocumentParser {
  parse(
    file: { readonly path: string; readonly fileName: string },
    onProgress: (progress: ParseProgress) => void,
    signal: AbortSignal,
  ): Promise<ParsedDocument>;
  /** Media type by extension and content together; throws AppError `unsupported_type` when they disagree or are unknown. */
  detect(file: { readonly path: string; readonly fileName: string }): Promise<string>;
}
