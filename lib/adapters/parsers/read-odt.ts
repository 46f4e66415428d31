import { AppError } from "../../core/errors/app-error.ts";
import type { ReadFile } from "./read-file.ts";
import { tableRow } from "./table-lines.ts";
import { createTextBuilder, type TextBuilder } from "./text-builder.ts";
import {
  attribute,
  childrenOf,
  deepestMarkup,
  findAll,
  parseXml,
  textContent,
  type TreeNode,
} from "./xml-tree.ts";
import { type Archive, openArchive } from "./zip-archive.ts";

interface Reading {
  readonly builder: TextBuilder;
  /** Names of the styles that show nothing. */
  readonly hiddenStyles: ReadonlySet<string>;
  hiddenParts: number;
}

/** What stands beside the text: remarks, deleted changes, and the reference marks of notes. */
const unseen = new Set([
  "office:annotation",
  "text:tracked-changes",
  "text:note-citation",
  "text:sequence-decls",
  "text:variable-decls",
  "draw:frame",
  "office:forms",
]);

function isSeen(node: TreeNode, reading: Reading): boolean {
  const style = attribute(node, "text:style-name") ?? "";
  const isHidden =
    reading.hiddenStyles.has(style) ||
    attribute(node, "text:display") === "none" ||
    node.name === "text:hidden-text" ||
    node.name === "text:hidden-paragraph";
  if (isHidden) reading.hiddenParts += 1;
  return !isHidden && !unseen.has(node.name ?? "");
}

/** The words of a paragraph; a note stands in brackets where its mark stood. */
function inlineText(node: TreeNode, reading: Reading, depth = 0): string {
  if (node.type === "text") return (node.data ?? "").replaceAll(/\s+/g, " ");
  if (depth > deepestMarkup || !isSeen(node, reading)) return "";
  if (node.name === "text:s")
    return " ".repeat(Math.min(Number(attribute(node, "text:c") ?? "1"), 80));
  if (node.name === "text:tab") return "\t";
  if (node.name === "text:line-break") return "\n";
  const inner = (node.children ?? [])
    .map((child) => inlineText(child, reading, depth + 1))
    .join("");
  if (node.name === "text:note-body") return ` (${inner.trim()})`;
  return inner;
}

function listLines(node: TreeNode, reading: Reading, indent: number): string[] {
  if (indent > 40) return [];
  return [...childrenOf(node, "text:list-header"), ...childrenOf(node, "text:list-item")].flatMap(
    (item) =>
      (item.children ?? []).flatMap((child) => {
        if (child.name === "text:list") return listLines(child, reading, indent + 1);
        if (child.name !== "text:p" && child.name !== "text:h") return [];
        const text = inlineText(child, reading).trim();
        return text === "" ? [] : [`${"  ".repeat(Math.min(indent, 8))}- ${text}`];
      }),
  );
}

function addTable(node: TreeNode, reading: Reading): void {
  const rows = findAll(node, ["table:table-row"]).map((row) =>
    tableRow(
      childrenOf(row, "table:table-cell").map((cell) =>
        findAll(cell, ["text:p", "text:h"])
          .map((each) => inlineText(each, reading))
          .join(" "),
      ),
    ),
  );
  reading.builder.add("table", rows.filter((row) => /[^\s|]/.test(row)).join("\n"));
}

/** Text of boxes and pictures' captions anchored in a paragraph follows it. */
function addFrames(node: TreeNode, reading: Reading, depth: number): void {
  for (const frame of findAll(node, ["draw:text-box"])) addBlocks(frame, reading, depth + 1);
}

function addBlocks(node: TreeNode, reading: Reading, depth: number): void {
  if (depth > deepestMarkup) return;
  for (const child of node.children ?? []) {
    if (!isSeen(child, reading)) {
      if (child.name === "draw:frame") addFrames(child, reading, depth);
      continue;
    }
    switch (child.name ?? "") {
      case "text:h": {
        const level = Number(attribute(child, "text:outline-level") ?? "1");
        reading.builder.add("heading", inlineText(child, reading), Math.min(6, Math.max(1, level)));
        break;
      }
      case "text:p":
        reading.builder.add("paragraph", inlineText(child, reading));
        addFrames(child, reading, depth);
        break;
      case "text:list":
        reading.builder.add("list", listLines(child, reading, 0).join("\n"));
        break;
      case "table:table":
        addTable(child, reading);
        break;
      default:
        addBlocks(child, reading, depth + 1);
    }
  }
}

function hiddenStyles(trees: readonly TreeNode[]): ReadonlySet<string> {
  const hidden = trees
    .flatMap((tree) => findAll(tree, ["style:style"]))
    .filter((style) =>
      childrenOf(style, "style:text-properties").some(
        (properties) => attribute(properties, "text:display") === "none",
      ),
    );
  return new Set(hidden.map((style) => attribute(style, "style:name") ?? ""));
}

function requireReadable(archive: Archive): void {
  const manifest = archive.text("META-INF/manifest.xml") ?? "";
  if (manifest.includes("encryption-data")) throw new AppError("document_encrypted", {});
}

export const readOdt: ReadFile = async (bytes) => {
  const archive = await openArchive(bytes);
  requireReadable(archive);
  const markup = archive.text("content.xml");
  if (markup === null)
    throw new AppError("document_unreadable", { reason: "The file has no text part." });
  const tree = parseXml(markup);
  const [text] = findAll(tree, ["office:text"]);
  const builder = createTextBuilder();
  const styles = parseXml(archive.text("styles.xml") ?? "");
  const reading: Reading = { builder, hiddenStyles: hiddenStyles([tree, styles]), hiddenParts: 0 };
  if (text !== undefined) addBlocks(text, reading, 0);
  if (reading.hiddenParts > 0)
    builder.warn(`Left out ${String(reading.hiddenParts)} hidden parts.`);
  const [title] = findAll(parseXml(archive.text("meta.xml") ?? ""), ["dc:title"]);
  return builder.finish(title === undefined ? null : textContent(title));
};
