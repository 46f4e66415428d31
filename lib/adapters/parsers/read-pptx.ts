import { AppError } from "../../core/errors/app-error.ts";
import type { ReadFile } from "./read-file.ts";
import { tableRow } from "./table-lines.ts";
import { createTextBuilder, type TextBuilder } from "./text-builder.ts";
import {
  attribute,
  childOf,
  childrenOf,
  deepestMarkup,
  findAll,
  parseXml,
  relationships,
  textContent,
  type TreeNode,
} from "./xml-tree.ts";
import { type Archive, openArchive, resolveEntry } from "./zip-archive.ts";

const linksOf = (archive: Archive, entry: string): ReadonlyMap<string, string> =>
  relationships(archive.text(entry.replace(/([^/]+)$/, "_rels/$1.rels")));

/** Runs, fields and line breaks of a paragraph. */
const paragraphText = (paragraph: TreeNode): string =>
  (paragraph.children ?? [])
    .map((part) => {
      if (part.name === "a:br") return "\n";
      if (part.name !== "a:r" && part.name !== "a:fld") return "";
      return childrenOf(part, "a:t")
        .map((text) => textContent(text))
        .join("");
    })
    .join("");

function addTextBody(shape: TreeNode, isTitle: boolean, builder: TextBuilder): void {
  const [body] = findAll(shape, ["p:txBody"]);
  const lines = childrenOf(body, "a:p")
    .map((paragraph) => ({
      text: paragraphText(paragraph),
      indent: Number(attribute(childOf(paragraph, "a:pPr"), "lvl") ?? "0"),
    }))
    .filter(({ text }) => text.trim() !== "");
  if (isTitle) builder.add("heading", lines.map(({ text }) => text).join(" "), 1);
  else if (lines.length > 1)
    builder.add(
      "list",
      lines.map(({ text, indent }) => `${"  ".repeat(Math.min(indent, 8))}- ${text}`).join("\n"),
    );
  else builder.add("paragraph", lines.map(({ text }) => text).join("\n"));
}

function addTable(table: TreeNode, builder: TextBuilder): void {
  const rows = childrenOf(table, "a:tr").map((row) =>
    tableRow(
      childrenOf(row, "a:tc").map((cell) => findAll(cell, ["a:p"]).map(paragraphText).join(" ")),
    ),
  );
  builder.add("table", rows.filter((row) => /[^\s|]/.test(row)).join("\n"));
}

const placeholderKind = (shape: TreeNode): string | undefined => {
  const [placeholder] = findAll(shape, ["p:ph"]);
  return placeholder === undefined ? undefined : (attribute(placeholder, "type") ?? "body");
};

interface Slide {
  readonly builder: TextBuilder;
  hiddenShapes: number;
}

const isHiddenShape = (shape: TreeNode): boolean =>
  attribute(findAll(shape, ["p:cNvPr"])[0], "hidden") === "1";

const groups: readonly (string | undefined)[] = ["p:grpSp", "mc:AlternateContent", "mc:Choice"];

function addShape(shape: TreeNode, slide: Slide): void {
  if (isHiddenShape(shape)) slide.hiddenShapes += 1;
  else if (shape.name === "p:graphicFrame")
    for (const table of findAll(shape, ["a:tbl"])) addTable(table, slide.builder);
  else {
    const kind = placeholderKind(shape);
    // Numbers and dates of the slide itself say nothing.
    if (kind === "sldNum" || kind === "dt") return;
    addTextBody(shape, kind === "title" || kind === "ctrTitle", slide.builder);
  }
}

/** Shapes in the order of the file, which is the order in which they were made and nearly always that of reading. */
function addShapes(tree: TreeNode, slide: Slide, depth: number): void {
  if (depth > deepestMarkup) return;
  for (const shape of tree.children ?? []) {
    if (groups.includes(shape.name)) addShapes(shape, slide, depth + 1);
    else if (shape.name === "p:sp" || shape.name === "p:graphicFrame") addShape(shape, slide);
  }
}

/** The speaker's words, without the copy of the slide above them. */
function addNotes(archive: Archive, entry: string, builder: TextBuilder): void {
  const notes = [...linksOf(archive, entry).values()].find((target) =>
    /notesSlide\d*\.xml$/.test(target),
  );
  const markup = notes === undefined ? null : archive.text(resolveEntry(entry, notes));
  if (markup === null) return;
  for (const shape of findAll(parseXml(markup), ["p:sp"])) {
    if (placeholderKind(shape) !== "body") continue;
    const words = findAll(shape, ["a:p"])
      .map(paragraphText)
      .filter((text) => text.trim() !== "");
    if (words.length > 0) builder.add("paragraph", `Notes: ${words.join("\n")}`);
  }
}

function slideEntries(archive: Archive): readonly string[] {
  const entry = archive.names.find((name) => /(?:^|\/)presentation\d*\.xml$/i.test(name)) ?? "";
  const markup = archive.text(entry);
  if (markup === null)
    throw new AppError("document_unreadable", { reason: "The file has no list of its slides." });
  const links = linksOf(archive, entry);
  return findAll(parseXml(markup), ["p:sldId"]).flatMap((slide) => {
    const target = links.get(attribute(slide, "r:id") ?? "");
    return target === undefined ? [] : [resolveEntry(entry, target)];
  });
}

/** Each slide is a page, so that a citation names it. */
export const readPptx: ReadFile = async (bytes, onProgress) => {
  const archive = await openArchive(bytes);
  const entries = slideEntries(archive);
  const builder = createTextBuilder();
  const slide: Slide = { builder, hiddenShapes: 0 };
  let hiddenSlides = 0;
  for (const [index, entry] of entries.entries()) {
    builder.startPage();
    const root = childOf(parseXml(archive.text(entry) ?? ""), "p:sld");
    if (attribute(root, "show") === "0") hiddenSlides += 1;
    else {
      const [tree] = findAll(root ?? { type: "root" }, ["p:spTree"]);
      if (tree !== undefined) addShapes(tree, slide, 0);
      addNotes(archive, entry, builder);
    }
    onProgress({ done: index + 1, total: entries.length });
  }
  if (hiddenSlides > 0)
    builder.warn(
      `Left out ${String(hiddenSlides)} hidden slides. Unhide what should be found, and upload it again.`,
    );
  if (slide.hiddenShapes > 0) builder.warn(`Left out ${String(slide.hiddenShapes)} hidden shapes.`);
  return builder.finish(null);
};
