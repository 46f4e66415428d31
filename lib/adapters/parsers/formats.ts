import type { ReadFile } from "./read-file.ts";

/** Formats that are zip files with parts of their own. */
export type ZipStructure = "docx" | "pptx" | "xlsx" | "odt" | "epub";

export interface Format {
  readonly mediaType: string;
  /** Lower case, with the dot. */
  readonly extensions: readonly string[];
  /** How its bytes are recognised (detect-type.ts). */
  readonly structure: "text" | "html" | "pdf" | "rtf" | ZipStructure;
  /** Loaded on need: a child reads one file, so it loads one reader. */
  readonly load: () => Promise<ReadFile>;
}

/** Programs, their settings and other text that is written in a margin of its own. */
const sourceExtensions: readonly string[] = (
  ".js .mjs .cjs .jsx .ts .mts .cts .tsx .vue .svelte .css .scss .less .py .pyi .rb .php .pl .pm .lua .r .jl .java .kt .kts " +
  ".scala .groovy .gradle .c .h .cc .cpp .cxx .hpp .hh .m .mm .cs .fs .vb .go .rs .swift .dart .ex .exs .erl .hs .clj .ml .lisp " +
  ".sh .bash .zsh .fish .ps1 .bat .sql .graphql .proto .tf .yaml .yml .toml .ini .cfg .conf .properties .xml .xsd .tex .bib " +
  ".rst .adoc .org .diff .patch .asm .f90 .pas .cmake .mk"
).split(" ");

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
  {
    mediaType: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    extensions: [".pptx"],
    structure: "pptx",
    load: async () => (await import("./read-pptx.ts")).readPptx,
  },
  {
    mediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    extensions: [".xlsx"],
    structure: "xlsx",
    load: async () => (await import("./read-xlsx.ts")).readXlsx,
  },
  {
    mediaType: "application/vnd.oasis.opendocument.text",
    extensions: [".odt"],
    structure: "odt",
    load: async () => (await import("./read-odt.ts")).readOdt,
  },
  {
    mediaType: "application/epub+zip",
    extensions: [".epub"],
    structure: "epub",
    load: async () => (await import("./read-epub.ts")).readEpub,
  },
  {
    mediaType: "application/rtf",
    extensions: [".rtf"],
    structure: "rtf",
    load: async () => (await import("./read-rtf.ts")).readRtf,
  },
  {
    mediaType: "text/csv",
    extensions: [".csv", ".tsv"],
    structure: "text",
    load: async () => (await import("./read-csv.ts")).readCsv,
  },
  {
    mediaType: "application/json",
    extensions: [".json", ".geojson"],
    structure: "text",
    load: async () => (await import("./read-json.ts")).readJson,
  },
  {
    mediaType: "application/jsonl",
    extensions: [".jsonl", ".ndjson"],
    structure: "text",
    load: async () => (await import("./read-json.ts")).readJsonLines,
  },
  {
    mediaType: "text/x-source",
    extensions: sourceExtensions,
    structure: "text",
    load: async () => (await import("./read-source-code.ts")).readSourceCode,
  },
];

export const formatOf = (mediaType: string): Format | undefined =>
  formats.find((format) => format.mediaType === mediaType);
