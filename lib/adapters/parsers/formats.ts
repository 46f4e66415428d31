import type { ParsedDocument, ParseProgress } from "../../ports/document-parser.ts";

/** Reads a whole file in the child process. Throws AppError `document_*`; anything else it throws counts as unreadable. */
export type ReadFile = (
  bytes: Uint8Array,
  onProgress: (progress: ParseProgress) => void,
) => Promise<ParsedDocument>;

export interface Format {
  readonly mediaType: string;
  /** Lower case, with the dot. */
  readonly extensions: readonly string[];
  /** How its bytes are recognised (detect-type.ts). */
  readonly structure: "text" | "html" | "pdf" | "docx";
  /** Loaded on need: a child reads one file, so it loads one reader. */
  readonly load: () => Promise<ReadFile>;
}

/** Every format that can be uploaded. A new one is a file beside this, a line here and a fixture. */
export const formats: readonly Format[] = [
  {
    mediaType: "text/plain",
    extensions: [".txt", ".text", ".log"],
    structure: "text",
    load: async () => (await import("./read-plain-text.ts")).readPlainText,
  },
  {
    mediaType: "text/markdown",
    extensions: [".md", ".markdown"],
    structure: "text",
    load: async () => (await import("./read-markdown.ts")).readMarkdown,
  },
  {
    mediaType: "text/html",
    extensions: [".html", ".htm", ".xhtml"],
    structure: "html",
    load: async () => (await import("./read-html.ts")).readHtml,
  },
  {
    mediaType: "application/pdf",
    extensions: [".pdf"],
    structure: "pdf",
    load: async () => (await import("./read-pdf.ts")).readPdf,
  },
  {
    mediaType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    extensions: [".docx"],
    structure: "docx",
    load: async () => (await import("./read-docx.ts")).readDocx,
  },
];

export const formatOf = (mediaType: string): Format | undefined =>
  formats.find((format) => format.mediaType === mediaType);
