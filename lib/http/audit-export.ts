import type { AuditRow } from "../ports/audit-log.ts";

const columns = [
  "id",
  "at",
  "actorId",
  "actorName",
  "action",
  "target",
  "targetName",
  "address",
  "detail",
] as const;

const plain = (row: AuditRow, column: (typeof columns)[number]): string => {
  const value = row[column];
  if (value === null) return "";
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
};

/** RFC 4180. A field that a spreadsheet would take for a formula gets an apostrophe before it. */
export const csvField = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** The whole log in pieces of text. */
export async function* auditFile(
  rows: AsyncIterable<AuditRow>,
  format: "csv" | "json",
): AsyncGenerator<string, void> {
  if (format === "csv") {
    yield `${columns.join(",")}\r\n`;
    for await (const row of rows)
      yield `${columns.map((column) => csvField(plain(row, column))).join(",")}\r\n`;
    return;
  }
  let separator = "[\n";
  for await (const row of rows) {
    yield `${separator}${JSON.stringify(row)}`;
    separator = ",\n";
  }
  yield separator === "[\n" ? "[]\n" : "\n]\n";
}
