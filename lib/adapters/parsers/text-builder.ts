import { AppError } from "../../core/errors/app-error.ts";
import { cleanText, nothingRemoved, removalWarnings } from "../../core/rag/clean-text.ts";
import type { ParsedBlock, ParsedDocument } from "../../ports/document-parser.ts";

export const maxTextLength = 20_000_000;
export const maxPages = 5000;

export interface TextBuilder {
  /** Appends a block; white space around it and empty blocks vanish. */
  add(kind: ParsedBlock["kind"], text: string, level?: number): void;
  /** What is added until the next call or the end stands on one page. */
  startPage(): void;
  warn(message: string): void;
  finish(title: string | null): ParsedDocument;
}

const inOneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

/** Spaces at line ends and more than one empty line say nothing; code and tables keep their inner spaces. */
const tidy = (kind: ParsedBlock["kind"], text: string): string => {
  if (kind === "heading") return inOneLine(text);
  const lines = text.split("\n").map((line) => {
    const line_ = line.trimEnd();
    return kind === "code" || kind === "list" ? line_ : line_.replaceAll(/[ \t]+/g, " ").trim();
  });
  const kept = lines.filter((line, index) => line !== "" || (lines[index - 1] ?? "") !== "");
  while (kept[0] === "") kept.shift();
  while (kept.at(-1) === "") kept.pop();
  return kept.join("\n");
};

/** Builds the canonical text of a document: cleaned blocks with an empty line between, so that every offset is final. */
export function createTextBuilder(): TextBuilder {
  const removed = nothingRemoved();
  const parts: string[] = [];
  const blocks: ParsedBlock[] = [];
  const pageStarts: number[] = [];
  const warnings: string[] = [];
  let length = 0;
  let pendingPages = 0;

  const append = (part: string) => {
    parts.push(part);
    length += part.length;
    if (length > maxTextLength) throw new AppError("document_too_complex", { reason: "text size" });
  };

  const openPages = () => {
    for (; pendingPages > 0; pendingPages -= 1) pageStarts.push(length);
  };

  const pages = (): (readonly [number, number])[] =>
    pageStarts.map((start, index) => [start, pageStarts[index + 1] ?? length] as const);

  return {
    add(kind, text, level = 0) {
      const tidied = tidy(kind, cleanText(text, removed));
      if (tidied === "") return;
      // The page that begins with this block begins after the empty line before it.
      if (length > 0) append("\n\n");
      openPages();
      blocks.push({ kind, start: length, end: length + tidied.length, level });
      append(tidied);
    },
    startPage() {
      pendingPages += 1;
      if (pageStarts.length + pendingPages > maxPages)
        throw new AppError("document_too_complex", { reason: "more than 5,000 pages" });
    },
    warn(message) {
      if (!warnings.includes(message)) warnings.push(message);
    },
    finish(title) {
      openPages();
      const text = parts.join("");
      if (text.trim() === "") throw new AppError("document_empty", {});
      const name = title === null ? "" : inOneLine(cleanText(title, removed)).slice(0, 300);
      warnings.push(...removalWarnings(removed));
      return { title: name === "" ? null : name, text, pages: pages(), blocks, warnings };
    },
  };
}
