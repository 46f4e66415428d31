import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { getDocumentProxy, getResolvedPDFJS } from "unpdf";
import { AppError } from "../../core/errors/app-error.ts";
import type { ParseProgress } from "../../ports/document-parser.ts";
import type { ReadFile } from "./read-file.ts";
import { type DrawingCommands, squeezed, unseenText } from "./pdf-hidden-text.ts";
import { isReadable, type TextItem, type TextLine, toLines } from "./pdf-lines.ts";
import { measureTypography, toParagraphs, withoutRunningLines } from "./pdf-paragraphs.ts";
import { createTextBuilder, maxPages, maxTextLength, type TextBuilder } from "./text-builder.ts";

// Not `new URL(…, import.meta.url)`: the bundler of the app, which never reads a PDF itself, would look for a module there.
const here = dirname(fileURLToPath(import.meta.url));
/** Tables of the East Asian encodings that a PDF may name without holding them. */
const characterMaps = `${join(here, "../../../node_modules/pdfjs-dist/cmaps")}/`;

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

/** Pictures of more pixels are not unpacked; -1: all are. */
const noPictures = 1;
const allPictures = -1;

async function open(bytes: Uint8Array, maxImageSize: number): Promise<Pdf> {
  try {
    return await getDocumentProxy(new Uint8Array(bytes), {
      maxImageSize,
      disableFontFace: true,
      useSystemFonts: false,
      useWorkerFetch: false,
      stopAtErrors: false,
      enableXfa: false,
      cMapUrl: characterMaps,
      cMapPacked: true,
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
  readonly unseenItems: number;
}

/** A file opened without its pictures, which take most of the time to unpack, and with them when a page asks for it. */
interface OpenedPdf {
  readonly pdf: Pdf;
  readonly withPictures: () => Promise<Pdf>;
}

/** Invisible letters may be those of a scan, so where there are any it matters whether a picture lies on the page. */
async function drawingOf(
  { pdf, withPictures }: OpenedPdf,
  number: number,
  commands: DrawingCommands,
) {
  const page = await pdf.getPage(number);
  const drawn = unseenText(await page.getOperatorList(), commands);
  if (drawn.unseen === "") return drawn;
  const whole = await (await withPictures()).getPage(number);
  const again = unseenText(await whole.getOperatorList(), commands);
  whole.cleanup();
  return again;
}

async function readPage(
  opened: OpenedPdf,
  number: number,
  commands: DrawingCommands,
): Promise<PageLines> {
  const page = await opened.pdf.getPage(number);
  // What stands beside the page is left out by pdf.js itself. Ligatures are taken apart later: it would do so before it
  // turns Arabic round, which leaves their letters in the wrong order.
  const content = await page.getTextContent({ disableNormalization: true });
  const items = content.items.filter((item): item is typeof item & TextItem => "str" in item);
  const drawn = await drawingOf(opened, number, commands);
  page.cleanup();
  const large = items.filter(isReadable);
  const readable = large.filter((item) => {
    const text = squeezed(item.str);
    if (text === "") return true;
    return !drawn.unseen.includes(text) || drawn.seen.includes(text);
  });
  return {
    lines: toLines(readable),
    tinyItems: items.length - large.length,
    unseenItems: large.length - readable.length,
  };
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
  lost: {
    readonly unreadable: number;
    readonly tinyItems: number;
    readonly unseenItems: number;
    readonly empty: number;
  },
): void {
  const { unreadable, tinyItems, unseenItems, empty } = lost;
  const pieces = (count: number): string =>
    count === 1
      ? "Left out 1 piece of text that is"
      : `Left out ${String(count)} pieces of text that are`;
  if (unreadable === 1) builder.warn("Left out 1 page that cannot be read.");
  if (unreadable > 1) builder.warn(`Left out ${String(unreadable)} pages that cannot be read.`);
  if (tinyItems > 0) builder.warn(`${pieces(tinyItems)} too small to read.`);
  if (unseenItems > 0)
    builder.warn(`${pieces(unseenItems)} not to be seen: invisible, or white on white.`);
  if (empty > 0)
    builder.warn(
      `${empty === 1 ? "1 page holds" : `${String(empty)} pages hold`} no text; scanned pictures are not read.`,
    );
}

interface PagesRead {
  readonly pages: (readonly TextLine[])[];
  unreadable: number;
  tinyItems: number;
  unseenItems: number;
  length: number;
}

function addPage(read: PagesRead, page: PageLines | null): void {
  if (page === null) read.unreadable += 1;
  const lines = page?.lines ?? [];
  read.pages.push(lines);
  read.tinyItems += page?.tinyItems ?? 0;
  read.unseenItems += page?.unseenItems ?? 0;
  read.length += lines.reduce((sum, line) => sum + line.text.length, 0);
  if (read.length > maxTextLength)
    throw new AppError("document_too_complex", { reason: "text size" });
}

async function readPages(
  opened: OpenedPdf,
  builder: TextBuilder,
  onProgress: (progress: ParseProgress) => void,
): Promise<readonly (readonly TextLine[])[]> {
  const { pdf } = opened;
  const { OPS: commands } = await getResolvedPDFJS();
  const read: PagesRead = { pages: [], unreadable: 0, tinyItems: 0, unseenItems: 0, length: 0 };
  for (let number = 1; number <= pdf.numPages; number += 1) {
    addPage(read, await readPage(opened, number, commands).catch(() => null));
    onProgress({ done: number, total: pdf.numPages });
  }
  const { pages, unreadable } = read;
  if (unreadable === pdf.numPages)
    throw new AppError("document_unreadable", { reason: "None of its pages can be read." });
  if (unreadable === 0 && read.length === 0)
    throw new AppError("document_empty", {
      reason:
        "Its pages hold no text; scanned pictures are not read. Run text recognition (OCR) on it and upload the result.",
    });
  const empty = pages.filter((lines) => lines.length === 0).length - unreadable;
  warnOfLosses(builder, { ...read, empty: empty < pages.length ? empty : 0 });
  return pages;
}

export const readPdf: ReadFile = async (bytes, onProgress) => {
  const pdf = await open(bytes, noPictures);
  let whole: Promise<Pdf> | undefined;
  const withPictures = (): Promise<Pdf> => (whole ??= open(bytes, allPictures));
  if (pdf.numPages > maxPages)
    throw new AppError("document_too_complex", { reason: "more than 5,000 pages" });
  const builder = createTextBuilder();
  const pages = await readPages({ pdf, withPictures }, builder, onProgress);
  const typography = measureTypography(pages);
  for (const lines of withoutRunningLines(pages)) {
    builder.startPage();
    for (const { kind, text, level } of toParagraphs(lines, typography))
      builder.add(kind, text, level);
  }
  return builder.finish(await titleOf(pdf));
};
