import { AppError } from "../../core/errors/app-error.ts";
import type { ReadFile } from "./read-file.ts";
import { readMarkup } from "./read-html.ts";
import { createTextBuilder } from "./text-builder.ts";
import { attribute, findAll, parseXml, textContent, type TreeNode } from "./xml-tree.ts";
import { type Archive, openArchive, resolveEntry } from "./zip-archive.ts";

const unreadable = (reason: string) => new AppError("document_unreadable", { reason });

/** Fonts may be garbled by their makers; anything else that is encrypted belongs to a shop. */
function requireReadable(archive: Archive): void {
  const encryption = archive.text("META-INF/encryption.xml");
  if (encryption === null) return;
  const locked = findAll(parseXml(encryption), ["CipherReference", "enc:CipherReference"]).some(
    (reference) => /\.(?:x?html?|xml)$/i.test(attribute(reference, "URI") ?? ""),
  );
  if (locked) throw new AppError("document_encrypted", {});
}

interface Book {
  readonly entry: string;
  readonly tree: TreeNode;
}

function packageOf(archive: Archive): Book {
  const container = archive.text("META-INF/container.xml");
  const [root] = container === null ? [] : findAll(parseXml(container), ["rootfile"]);
  const entry = attribute(root, "full-path") ?? archive.names.find((name) => name.endsWith(".opf"));
  const markup = entry === undefined ? null : archive.text(entry);
  if (entry === undefined || markup === null)
    throw unreadable("The book has no list of its parts.");
  return { entry, tree: parseXml(markup) };
}

const decodedReference = (reference: string): string => {
  try {
    return decodeURIComponent(reference);
  } catch {
    return reference;
  }
};

/** Chapters in reading order. */
function chapters({ entry, tree }: Book): readonly string[] {
  const items = new Map(
    findAll(tree, ["item", "opf:item"]).map((item) => [attribute(item, "id") ?? "", item]),
  );
  return findAll(tree, ["itemref", "opf:itemref"]).flatMap((reference) => {
    const item = items.get(attribute(reference, "idref") ?? "");
    const target = attribute(item, "href");
    const isNavigation = (attribute(item, "properties") ?? "").split(" ").includes("nav");
    if (target === undefined || isNavigation) return [];
    return [resolveEntry(entry, decodedReference(target.replace(/#.*$/, "")))];
  });
}

export const readEpub: ReadFile = async (bytes, onProgress) => {
  const archive = await openArchive(bytes);
  requireReadable(archive);
  const book = packageOf(archive);
  const builder = createTextBuilder();
  const entries = chapters(book);
  let missing = 0;
  for (const [index, entry] of entries.entries()) {
    const markup = archive.text(entry);
    if (markup === null) missing += 1;
    else readMarkup(markup, builder);
    onProgress({ done: index + 1, total: entries.length });
  }
  if (missing > 0) builder.warn(`${String(missing)} chapters are missing in the file.`);
  const [title] = findAll(book.tree, ["dc:title"]);
  return builder.finish(title === undefined ? null : textContent(title));
};
