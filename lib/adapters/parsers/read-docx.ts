import mammoth from "mammoth";
import { AppError } from "../../core/errors/app-error.ts";
import { hidingRules, withoutHiddenRuns } from "./docx-hidden-runs.ts";
import type { ReadFile } from "./read-file.ts";
import { readMarkup } from "./read-html.ts";
import { createTextBuilder } from "./text-builder.ts";
import { type Archive, openArchive } from "./zip-archive.ts";

// Title styles are headings to a reader; mammoth's own map knows "Heading 1" to "Heading 6".
const styleMap = ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => h2:fresh"];

/** Parts that hold words which people see. */
const wordParts = /(?:^|\/)(?:document\d*|footnotes|endnotes)\.xml$/i;

const unreadable = (cause: unknown) =>
  new AppError(
    "document_unreadable",
    { reason: "The file is not a Word document that can be read." },
    { cause },
  );

interface SeenParts {
  /** By entry name: the parts without what they hide. */
  readonly parts: ReadonlyMap<string, Buffer>;
  readonly hiddenRuns: number;
}

function seenParts(archive: Archive): SeenParts {
  const styleSheet = archive.names.find((name) => /(?:^|\/)styles\.xml$/i.test(name));
  const styles = styleSheet === undefined ? null : archive.text(styleSheet);
  const parts = new Map<string, Buffer>();
  let hiddenRuns = 0;
  for (const name of archive.names.filter((each) => wordParts.test(each))) {
    const markup = archive.text(name) ?? "";
    const seen = withoutHiddenRuns(markup, hidingRules(markup, styles));
    hiddenRuns += seen.removed;
    if (seen.removed > 0) parts.set(name, Buffer.from(declaredUtf8(seen.markup)));
  }
  return { parts, hiddenRuns };
}

/** The text was decoded, so whatever encoding the part declares is no longer true. */
const declaredUtf8 = (markup: string): string =>
  markup.replace(/^\uFEFF?<\?xml[^>]{0,200}\?>/, '<?xml version="1.0" encoding="UTF-8"?>');

/** The archive as mammoth's own zip object: it takes one in place of a buffer (mammoth/lib/unzip.js). */
function mammothFile(archive: Archive, parts: ReadonlyMap<string, Buffer>) {
  const read = (name: string, encoding?: string): Promise<unknown> => {
    const bytes = parts.get(name.replace(/^\/+/, "")) ?? archive.bytes(name);
    if (bytes === null) return Promise.reject(new Error(`no part ${name}`));
    if (encoding === "base64") return Promise.resolve(bytes.toString("base64"));
    return Promise.resolve(
      encoding === undefined ? bytes : new TextDecoder(encoding).decode(bytes),
    );
  };
  return { exists: (name: string) => archive.has(name), read };
}

export const readDocx: ReadFile = async (bytes) => {
  const archive = await openArchive(bytes);
  const { parts, hiddenRuns } = seenParts(archive);
  const input = { file: mammothFile(archive, parts) };
  const converted = await mammoth
    .convertToHtml(input as unknown as { buffer: Buffer }, {
      styleMap,
      includeEmbeddedStyleMap: false,
      externalFileAccess: false,
      convertImage: mammoth.images.imgElement(() => Promise.resolve({ src: "" })),
    })
    .catch((error: unknown) => {
      throw unreadable(error);
    });
  const builder = createTextBuilder();
  if (hiddenRuns > 0) builder.warn(`Left out ${String(hiddenRuns)} pieces of hidden text.`);
  readMarkup(converted.value, builder);
  return builder.finish(null);
};
