import { decodeText } from "./decode-text.ts";
import type { ReadFile } from "./read-file.ts";
import { compactRows, tableRow } from "./table-lines.ts";
import { createTextBuilder } from "./text-builder.ts";

const separators = [",", ";", "\t", "|"];

/** Splits into records as RFC 4180 says: quoted fields may hold separators, line ends and doubled quotes. */
export function csvRecords(text: string, separator: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let field = "";
  let isQuoted = false;
  const endRecord = () => {
    record.push(field);
    records.push(record);
    record = [];
    field = "";
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? "";
    if (isQuoted) {
      if (character !== '"') field += character;
      else if (text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else isQuoted = false;
    } else if (character === '"' && field.trim() === "") {
      isQuoted = true;
      field = "";
    } else if (character === separator) {
      record.push(field);
      field = "";
    } else if (character === "\n") endRecord();
    else field += character;
  }
  if (field !== "" || record.length > 0) endRecord();
  return records;
}

/** The separator that cuts the first lines into most fields of the same number. */
export function likelySeparator(text: string): string {
  const head = text.slice(0, 20_000);
  let best = { separator: ",", score: 0 };
  for (const separator of separators) {
    const widths = csvRecords(head, separator)
      .slice(0, 30)
      .map((record) => record.length);
    const counts = new Map<number, number>();
    for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1);
    const [width = 1, count = 0] = [...counts].toSorted((one, other) => other[1] - one[1])[0] ?? [];
    const score = width < 2 ? 0 : (count / widths.length) * Math.min(width, 6);
    if (score > best.score) best = { separator, score };
  }
  return best.separator;
}

export const readCsv: ReadFile = (bytes) => {
  const { text, warning } = decodeText(bytes, null);
  const builder = createTextBuilder();
  if (warning !== null) builder.warn(warning);
  const plain = text.replaceAll(/\r\n?/g, "\n");
  const rows = compactRows(csvRecords(plain, likelySeparator(plain)));
  // Lines with one field above and below the table are titles and notes, no rows of it.
  const isRow = (row: readonly string[]): boolean =>
    row.filter((cell) => cell.trim() !== "").length > 1;
  const start = Math.max(0, rows.findIndex(isRow));
  const end = rows.some(isRow) ? rows.findLastIndex(isRow) + 1 : rows.length;
  const addLines = (lines: readonly (readonly string[])[]) => {
    for (const line of lines) builder.add("paragraph", line.join(" "));
  };
  addLines(rows.slice(0, start));
  builder.add("table", compactRows(rows.slice(start, end)).map(tableRow).join("\n"));
  addLines(rows.slice(end));
  return Promise.resolve(builder.finish(null));
};
