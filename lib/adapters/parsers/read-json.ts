import { AppError } from "../../core/errors/app-error.ts";
import { decodeText } from "./decode-text.ts";
import type { ReadFile } from "./read-file.ts";
import { tableRow } from "./table-lines.ts";
import { createTextBuilder, type TextBuilder } from "./text-builder.ts";

type Json = null | boolean | number | string | readonly Json[] | JsonRecord;
interface JsonRecord {
  readonly [key: string]: Json;
}

const deepest = 200;

const isScalar = (value: Json | undefined): boolean => typeof value !== "object" || value === null;
const shown = (value: Json | undefined): string =>
  typeof value === "string" ? value : typeof value === "object" ? "" : String(value ?? "");
const isRecord = (value: Json): value is JsonRecord =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `path: value` of every scalar below, in order. */
function flatten(value: Json, path: string, lines: string[], depth: number): void {
  if (depth > deepest)
    throw new AppError("document_too_complex", { reason: "nested deeper than 200 levels" });
  if (isScalar(value)) {
    if (value !== null && value !== "")
      lines.push(path === "" ? shown(value) : `${path}: ${shown(value)}`);
  } else if (Array.isArray(value)) {
    const items = value as readonly Json[];
    if (items.every(isScalar))
      flatten(
        items
          .map(shown)
          .filter((item) => item !== "")
          .join(", "),
        path,
        lines,
        depth + 1,
      );
    else
      for (const [index, item] of items.entries())
        flatten(item, `${path}[${String(index + 1)}]`, lines, depth + 1);
  } else {
    for (const [key, item] of Object.entries(value as Record<string, Json>))
      flatten(item, path === "" ? key : `${path}.${key}`, lines, depth + 1);
  }
}

const mostColumns = 24;

/** Columns of a list whose items are all flat records; `null` for any other list. */
function columnsOf(items: readonly Json[]): readonly string[] | null {
  if (
    items.length < 2 ||
    !items.every((item) => isRecord(item) && Object.values(item).every(isScalar))
  )
    return null;
  const columns = [...new Set(items.flatMap((item) => Object.keys(item as object)))];
  return columns.length <= mostColumns ? columns : null;
}

function addList(items: readonly Json[], builder: TextBuilder): void {
  const columns = columnsOf(items);
  if (columns !== null) {
    const rows = items.map((item) =>
      tableRow(columns.map((column) => shown((item as Record<string, Json>)[column]))),
    );
    builder.add("table", [tableRow(columns), ...rows].join("\n"));
    return;
  }
  for (const item of items) {
    const lines: string[] = [];
    flatten(item, "", lines, 0);
    builder.add("list", lines.join("\n"));
  }
}

/** The parts of a record that are records or lists themselves stand under their own headings. */
function addRecord(record: JsonRecord, builder: TextBuilder): void {
  const lines: string[] = [];
  for (const [key, value] of Object.entries(record))
    if (isScalar(value)) flatten(value, key, lines, 0);
  builder.add("list", lines.join("\n"));
  for (const [key, value] of Object.entries(record)) {
    if (isScalar(value)) continue;
    builder.add("heading", key, 1);
    addValue(Array.isArray(value) ? value : [value], builder);
  }
}

function addValue(value: Json, builder: TextBuilder): void {
  if (Array.isArray(value)) addList(value as readonly Json[], builder);
  else if (isRecord(value)) addRecord(value, builder);
  else builder.add("paragraph", shown(value));
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const where =
      error instanceof Error ? /line \d+ column \d+/.exec(error.message)?.[0] : undefined;
    throw new AppError(
      "document_unreadable",
      { reason: `The file is not valid JSON${where === undefined ? "" : ` at ${where}`}.` },
      { cause: error },
    );
  }
}

const withoutMark = (text: string): string => text.replace(/^\uFEFF/, "");

export const readJson: ReadFile = (bytes) => {
  const { text } = decodeText(bytes, "utf-8");
  const builder = createTextBuilder();
  addValue(parsed(withoutMark(text)), builder);
  return Promise.resolve(builder.finish(null));
};

/** One JSON value a line. */
export const readJsonLines: ReadFile = (bytes) => {
  const { text } = decodeText(bytes, "utf-8");
  const builder = createTextBuilder();
  const lines = withoutMark(text)
    .split("\n")
    .filter((line) => line.trim() !== "");
  addList(lines.map(parsed), builder);
  return Promise.resolve(builder.finish(null));
};
