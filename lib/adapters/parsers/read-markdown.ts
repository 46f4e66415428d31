import { decodeText } from "./decode-text.ts";
import type { ReadFile } from "./read-file.ts";
import { tableRow } from "./table-lines.ts";
import { createTextBuilder, type TextBuilder } from "./text-builder.ts";

/** Inline marks out, words in: what a reader of the rendered page sees. Every pattern is linear. */
export function plainInline(text: string): string {
  return text
    .replaceAll(/!\[([^[\]\n]{0,500})\]\([^()\s]{0,2000}(?:\s"[^"\n]{0,300}")?\)/g, "$1")
    .replaceAll(/\[([^[\]\n]{1,1000})\]\([^()\s]{0,2000}(?:\s"[^"\n]{0,300}")?\)/g, "$1")
    .replaceAll(/\[([^[\]\n]{1,1000})\]\[[^[\]\n]{0,200}\]/g, "$1")
    .replaceAll(/<(https?:[^<>\s]{1,2000})>/g, "$1")
    .replaceAll(/<\/?[a-z][^<>\n]{0,500}>/gi, "")
    .replaceAll(/(\*\*|__)(?=\S)([^*_\n]{1,1000})\1/g, "$2")
    .replaceAll(/(?<![\w*])\*(?=\S)([^*\n]{1,1000})\*(?![\w*])/g, "$1")
    .replaceAll(/(?<!\w)_(?=\S)([^_\n]{1,1000})_(?!\w)/g, "$1")
    .replaceAll(/`([^`\n]{1,1000})`/g, "$1")
    .replaceAll(/\\([\\`*_{}[\]()#+\-.!|>~])/g, "$1");
}

const fence = /^ {0,3}(`{3,}|~{3,})/;
const heading = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/;
const underline = /^ {0,3}(?:=+|-{2,})[ \t]*$/;
const listItem = /^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+/;
const isTableRule = (line: string): boolean =>
  line.length < 2000 &&
  line.includes("-") &&
  line.split("|").every((cell) => /^:?-*:?$/.test(cell.trim()));

const cellsOf = (line: string): string =>
  tableRow(
    line
      .trim()
      .replace(/^\|/, "")
      .replace(/\|$/, "")
      .split(/(?<!\\)\|/)
      .map(plainInline),
  );

interface Cursor {
  readonly lines: readonly string[];
  at: number;
}

const lineAt = (cursor: Cursor, ahead = 0): string => cursor.lines[cursor.at + ahead] ?? "";

function readFence(cursor: Cursor, builder: TextBuilder): boolean {
  const mark = fence.exec(lineAt(cursor))?.[1];
  if (mark === undefined) return false;
  const code: string[] = [];
  for (cursor.at += 1; cursor.at < cursor.lines.length; cursor.at += 1) {
    const line = lineAt(cursor);
    if (line.trim().startsWith(mark) && /^\s*[`~]+\s*$/.test(line)) break;
    code.push(line);
  }
  cursor.at += 1;
  builder.add("code", code.join("\n"));
  return true;
}

function readHeading(cursor: Cursor, builder: TextBuilder): string | null {
  const [, marks, title] = heading.exec(lineAt(cursor)) ?? [];
  if (marks !== undefined) {
    cursor.at += 1;
    const plain = plainInline((title ?? "").trimEnd().replace(/(?:^|[ \t])#+$/, ""));
    builder.add("heading", plain, marks.length);
    return plain;
  }
  const next = lineAt(cursor, 1);
  const text = lineAt(cursor);
  if (text.trim() === "" || !underline.test(next) || listItem.test(text)) return null;
  if (text.includes("|")) return null;
  cursor.at += 2;
  const plain = plainInline(text.trim());
  builder.add("heading", plain, next.trim().startsWith("=") ? 1 : 2);
  return plain;
}

function readTable(cursor: Cursor, builder: TextBuilder): boolean {
  if (!lineAt(cursor).includes("|") || !isTableRule(lineAt(cursor, 1))) return false;
  const rows = [cellsOf(lineAt(cursor))];
  for (cursor.at += 2; lineAt(cursor).includes("|"); cursor.at += 1)
    rows.push(cellsOf(lineAt(cursor)));
  builder.add("table", rows.join("\n"));
  return true;
}

const endsParagraph = (cursor: Cursor): boolean =>
  lineAt(cursor).trim() === "" ||
  fence.test(lineAt(cursor)) ||
  heading.test(lineAt(cursor)) ||
  (lineAt(cursor).includes("|") && isTableRule(lineAt(cursor, 1)));

function readParagraph(cursor: Cursor, builder: TextBuilder): void {
  const isList = listItem.test(lineAt(cursor));
  const lines: string[] = [];
  while (cursor.at < cursor.lines.length && !endsParagraph(cursor)) {
    if (lines.length > 0 && listItem.test(lineAt(cursor)) !== isList && !isList) break;
    lines.push(plainInline(lineAt(cursor).replace(/^ {0,3}(?:> ?)+/, "")));
    cursor.at += 1;
  }
  const joined = isList ? lines.join("\n") : lines.map((line) => line.trim()).join(" ");
  if (!/^[\s*_=-]*$/.test(joined)) builder.add(isList ? "list" : "paragraph", joined);
}

function withoutComments(text: string): string {
  let kept = "";
  let from = 0;
  for (;;) {
    const start = text.indexOf("<!--", from);
    const end = start === -1 ? -1 : text.indexOf("-->", start + 4);
    if (end === -1) return kept + text.slice(from);
    kept += text.slice(from, start);
    from = end + 3;
  }
}

/** Cuts YAML front matter off; its title is the document's. */
function frontMatter(text: string): { readonly body: string; readonly title: string | null } {
  const match = /^---\n([\s\S]{0,20000}?)\n(?:---|\.\.\.)\n/.exec(text);
  if (match === null) return { body: text, title: null };
  const title = /^title:[ \t]*(.+)$/m.exec(match[1] ?? "")?.[1]?.replaceAll(/^["']|["']$/g, "");
  return { body: text.slice(match[0].length), title: title ?? null };
}

export const readMarkdown: ReadFile = (bytes) => {
  const { text, warning } = decodeText(bytes, null);
  const { body, title } = frontMatter(text.replaceAll(/\r\n?/g, "\n"));
  const builder = createTextBuilder();
  if (warning !== null) builder.warn(warning);
  const cursor: Cursor = { lines: withoutComments(body).split("\n"), at: 0 };
  let firstHeading: string | null = null;
  while (cursor.at < cursor.lines.length) {
    if (lineAt(cursor).trim() === "") {
      cursor.at += 1;
      continue;
    }
    if (readFence(cursor, builder) || readTable(cursor, builder)) continue;
    const found = readHeading(cursor, builder);
    if (found === null) readParagraph(cursor, builder);
    else firstHeading ??= found;
  }
  return Promise.resolve(builder.finish(title ?? firstHeading));
};
