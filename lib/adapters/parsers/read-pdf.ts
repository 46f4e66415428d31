import { getDocumentProxy } from "unpdf";
import { AppError } from "../../core/errors/app-error.ts";
import type { ParseProgress } from "../../ports/document-parser.ts";
import type { ReadFile } from "./formats.ts";
import { isReadable, type TextItem, type TextLine, toLines } from "./pdf-lines.ts";
import { measureTypography, toParagraphs, withoutRunningLines } from "./pdf-paragraphs.ts";
import { createTextBuilder, maxPages, maxTextLength, type TextBuilder } from "./text-builder.ts";

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

async function open(bytes: Uint8Array): Promise<Pdf> {
  try {
    return await getDocumentProxy(new Uint8Array(bytes), {
      disableFontFace: true,
      useSystemFonts: false,
      useWorkerFetch: false,
      stopAtErrors: false,
      enableXfa: false,
      verbosity: 0,
    });
  } catch (error) {
    if (error instanceof Error && error.name === "PasswordException")
      throw new AppError("document_encrypted", {}, { cause: error });
    throw new AppError(
      "document_unreadable",
      { reason: "The file is damaged, or not a PDF." },
      { cause: error },
    );
  }
}

interface PageLines {
  readonly lines: readonly TextLine[];
  readonly tinyItems: number;
}

async function readPage(pdf: Pdf, number: number): Promise<PageLines> {
  const page = await pdf.getPage(number);
  const content = await page.getTextContent({ disableNormalization: false });
  const items = content.items.filter((item): item is typeof item & TextItem => "str" in item);
  page.cleanup();
  const readable = items.filter(isReadable);
  return { lines: toLines(readable), tinyItems: items.length - readable.length };
}

async function titleOf(pdf: Pdf): Promise<string | null> {
  const metadata = await pdf.getMetadata().catch(() => null);
  const title = (metadata?.info as { Title?: unknown } | undefined)?.Title;
  // Programs put file names and codes there; those say less than the name of the file that was uploaded.
  const useful =
    typeof title === "string" && /\S\s+\S|[^\x20-\x7e]/.test(title) && !/\.\w{2,5}$/.test(title);
  return useful && !/^(?:untitled|microsoft word|slide \d)/i.test(title) ? title : null;
}

function warnOfLosses(
  builder: TextBuilder,
  lost: { readonly unreadable: number; readonly tinyItems: number; readonly empty: number },
): void {
  const { unreadable, tinyItems, empty } = lost;
  if (unreadable > 0) builder.warn(`Left out ${String(unreadable)} pages that cannot be read.`);
  if (tinyItems > 0)
    builder.warn(`Left out ${String(tinyItems)} pieces of text that are too small to read.`);
  if (empty > 0)
    builder.warn(`${String(empty)} pages hold no text; scanned pictures are not read.`);
}

async function readPages(
  pdf: Pdf,
  builder: TextBuilder,
  onProgress: (progress: ParseProgress) => void,
): Promise<readonly (readonly TextLine[])[]> {
  const pages: (readonly TextLine[])[] = [];
  let unreadable = 0;
  let tinyItems = 0;
  let length = 0;
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await readPage(pdf, number).catch(() => null);
    if (page === null) unreadable += 1;
    const lines = page?.lines ?? [];
    tinyItems += page?.tinyItems ?? 0;
    pages.push(lines);
    length += lines.reduce((sum, line) => sum + line.text.length, 0);
    if (length > maxTextLength) throw new AppError("document_too_complex", { reason: "text size" });
    onProgress({ done: number, total: pdf.numPages });
  }
  if (unreadable === pdf.numPages)
    throw new AppError("document_unreadable", { reason: "None of its pages can be read." });
  const empty = pages.filter((lines) => lines.length === 0).length - unreadable;
  warnOfLosses(builder, { unreadable, tinyItems, empty: empty < pages.length ? empty : 0 });
  return pages;
}

export const readPdf: ReadFile = async (bytes, onProgress) => {
  const pdf = await open(bytes);
  if (pdf.numPages > maxPages)
    throw new AppError("document_too_complex", { reason: "more than 5,000 pages" });
  const builder = createTextBuilder();
  const pages = await readPages(pdf, builder, onProgress);
  const typography = measureTypography(pages);
  for (const lines of withoutRunningLines(pages)) {
    builder.startPage();
    for (const { kind, text, level } of toParagraphs(lines, typography))
      builder.add(kind, text, level);
  }
  return builder.finish(await titleOf(pdf));
};
