import mammoth from "mammoth";
import { AppError } from "../../core/errors/app-error.ts";
import { checkZip } from "./check-zip.ts";
import type { ReadFile } from "./formats.ts";
import { readMarkup } from "./read-html.ts";
import { createTextBuilder } from "./text-builder.ts";

// Title styles are headings to a reader; mammoth's own map knows "Heading 1" to "Heading 6".
const styleMap = ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => h2:fresh"];

export const readDocx: ReadFile = async (bytes) => {
  await checkZip(bytes);
  let markup: string;
  try {
    const converted = await mammoth.convertToHtml(
      { buffer: Buffer.from(bytes) },
      {
        styleMap,
        includeEmbeddedStyleMap: false,
        externalFileAccess: false,
        convertImage: mammoth.images.imgElement(() => Promise.resolve({ src: "" })),
      },
    );
    markup = converted.value;
  } catch (error) {
    throw new AppError(
      "document_unreadable",
      { reason: "The file is not a Word document that can be read." },
      { cause: error },
    );
  }
  const builder = createTextBuilder();
  readMarkup(markup, builder);
  return builder.finish(null);
};
