import { load } from "cheerio/slim";
import type { ReadFile } from "./read-file.ts";
import { decodeText } from "./decode-text.ts";
import { tableRow } from "./table-lines.ts";
import { createTextBuilder, type TextBuilder } from "./text-builder.ts";
import { deepestMarkup as deepest, type TreeNode } from "./xml-tree.ts";

const unseen = new Set(
  "script style template noscript head iframe object embed svg math canvas audio video select datalist dialog".split(
    " ",
  ),
);
const blocks = new Set(
  "address article aside blockquote body dd details div dl dt fieldset figcaption figure footer form header html main nav p section summary hr center".split(
    " ",
  ),
);

const headingLevel = (name: string): number => (/^h[1-6]$/.test(name) ? Number(name[1]) : 0);

function isHidden(node: TreeNode): boolean {
  const attributes = node.attribs ?? {};
  if ("hidden" in attributes || attributes["aria-hidden"] === "true") return true;
  const style = (attributes["style"] ?? "").toLowerCase().replaceAll(/\s/g, "");
  return /display:none|visibility:hidden|font-size:0(?![.\d])|opacity:0(?![.\d])/.test(style);
}

interface Reading {
  readonly builder: TextBuilder;
  /** Text of the open paragraph. */
  inline: string;
  hiddenParts: number;
}

function flush(reading: Reading): void {
  // White space in HTML is one space; a line break element came as the character that white space cannot be.
  const text = reading.inline.replaceAll(/\s+/g, " ").replaceAll(/ ?\u0001 ?/g, "\n");
  reading.builder.add("paragraph", text);
  reading.inline = "";
}

/** Marks of notes and the ways back from them, as mammoth makes them: they would stand inside sentences and quotes. */
const isNoteMark = (node: TreeNode): boolean =>
  node.name === "a" &&
  (/^(?:foot|end)note-ref-/.test(node.attribs?.["id"] ?? "") ||
    /^#(?:foot|end)note-ref-/.test(node.attribs?.["href"] ?? ""));

/** Elements whose content counts; the parts that the page hides are counted apart. */
function isSeen(node: TreeNode, reading: Reading, depth: number): boolean {
  if ((node.type !== "tag" && node.type !== "root") || depth > deepest) return false;
  if (unseen.has(node.name ?? "") || isNoteMark(node)) return false;
  if (!isHidden(node)) return true;
  reading.hiddenParts += 1;
  return false;
}

const ownText = (node: TreeNode): string => (node.data ?? "").replaceAll("\u0001", "");

/** All text under a node as one run, with `\u0001` for line breaks. */
function textOf(node: TreeNode, reading: Reading, depth: number): string {
  if (node.type === "text") return ownText(node);
  if (!isSeen(node, reading, depth)) return "";
  if (node.name === "br") return "\u0001";
  const inner = (node.children ?? []).map((child) => textOf(child, reading, depth + 1)).join("");
  return blocks.has(node.name ?? "") || node.name === "li" ? ` ${inner} ` : inner;
}

const oneLine = (text: string): string => text.replaceAll(/[\s\u0001]+/g, " ").trim();

function descendants(node: TreeNode, names: readonly string[], depth = 0): readonly TreeNode[] {
  if (depth > deepest) return [];
  return (node.children ?? []).flatMap((child) => {
    if (names.includes(child.name ?? "")) return [child];
    return child.name === "table" ? [] : descendants(child, names, depth + 1);
  });
}

function addTable(node: TreeNode, reading: Reading, depth: number): void {
  const rows = descendants(node, ["tr"]).map((row) =>
    tableRow(descendants(row, ["td", "th"]).map((cell) => oneLine(textOf(cell, reading, depth)))),
  );
  const caption = descendants(node, ["caption"]).map((each) =>
    oneLine(textOf(each, reading, depth)),
  );
  const lines = [...caption, ...rows].filter((line) => /[^\s|]/.test(line));
  reading.builder.add("table", lines.join("\n"));
}

function listLines(node: TreeNode, reading: Reading, depth: number, indent: number): string[] {
  if (depth > deepest) return [];
  let number = Number(node.attribs?.["start"] ?? "1") || 1;
  return (node.children ?? []).flatMap((item) => {
    if (item.name !== "li") return [];
    const mark = node.name === "ol" ? `${String(number++)}.` : "-";
    const nested = (item.children ?? []).filter((child) => ["ul", "ol"].includes(child.name ?? ""));
    const own = (item.children ?? []).filter((child) => !nested.includes(child));
    const text = oneLine(own.map((child) => textOf(child, reading, depth + 1)).join(""));
    const line = text === "" ? [] : [`${"  ".repeat(indent)}${mark} ${text}`];
    return [
      ...line,
      ...nested.flatMap((child) => listLines(child, reading, depth + 1, Math.min(indent + 1, 8))),
    ];
  });
}

/** Elements that are a block of their own kind; `false` for all others. */
function addSpecial(node: TreeNode, name: string, reading: Reading, depth: number): boolean {
  const level = headingLevel(name);
  const isList = name === "ul" || name === "ol";
  if (level === 0 && !isList && name !== "table" && name !== "pre") return false;
  flush(reading);
  if (level > 0) reading.builder.add("heading", oneLine(textOf(node, reading, depth)), level);
  else if (isList) reading.builder.add("list", listLines(node, reading, depth, 0).join("\n"));
  else if (name === "table") addTable(node, reading, depth);
  else reading.builder.add("code", textOf(node, reading, depth).replaceAll("\u0001", "\n"));
  return true;
}

function read(node: TreeNode, reading: Reading, depth: number): void {
  if (node.type === "text") reading.inline += ownText(node);
  if (!isSeen(node, reading, depth)) return;
  const name = node.name ?? "";
  if (name === "br") reading.inline += "\u0001";
  if (addSpecial(node, name, reading, depth)) return;
  const isBlock = blocks.has(name);
  if (isBlock) flush(reading);
  for (const child of node.children ?? []) read(child, reading, depth + 1);
  if (isBlock) flush(reading);
}

/** Reads markup into a builder; returns the `title` element's text. */
export function readMarkup(markup: string, builder: TextBuilder): string | null {
  const page = load(markup);
  const reading: Reading = { builder, inline: "", hiddenParts: 0 };
  read(page.root()[0] as unknown as TreeNode, reading, 0);
  flush(reading);
  if (reading.hiddenParts > 0)
    builder.warn(`Left out ${String(reading.hiddenParts)} parts that the page hides.`);
  const title = oneLine(page("title").first().text());
  return title === "" ? null : title;
}

/** The encoding that the page declares for itself, in its first kilobytes. */
function declaredEncoding(bytes: Uint8Array): string | null {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 4096));
  return /(?:charset|encoding)\s{0,5}=\s{0,5}["']?([\w-]{1,40})/i.exec(head)?.[1] ?? null;
}

export const readHtml: ReadFile = (bytes) => {
  const { text, warning } = decodeText(bytes, declaredEncoding(bytes));
  const builder = createTextBuilder();
  if (warning !== null) builder.warn(warning);
  return Promise.resolve(builder.finish(readMarkup(text, builder)));
};
