import { decodeText } from "./decode-text.ts";
import type { ReadFile } from "./read-file.ts";
import { createTextBuilder } from "./text-builder.ts";

const listLine = /^\s*(?:[-*•‣◦]|\d{1,3}[.)])\s+\S/;

/** Paragraphs are what empty lines separate. */
export const readPlainText: ReadFile = (bytes) => {
  const { text, warning } = decodeText(bytes, null);
  const builder = createTextBuilder();
  if (warning !== null) builder.warn(warning);
  for (const paragraph of text.replaceAll(/\r\n?/g, "\n").split(/\n[ \t]*\n/)) {
    const lines = paragraph.split("\n").filter((line) => line.trim() !== "");
    const isList = lines.length > 1 && lines.every((line) => listLine.test(line));
    builder.add(isList ? "list" : "paragraph", paragraph);
  }
  return Promise.resolve(builder.finish(null));
};
