/** A row as one line: cells in a row of the canonical text stand between bars. */
export const tableRow = (cells: readonly string[]): string =>
  cells.map((cell) => cell.replaceAll(/\s+/g, " ").trim()).join(" | ");

/** Rows without the columns and rows that are empty throughout. */
export function compactRows(rows: readonly (readonly string[])[]): string[][] {
  const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0);
  const used = Array.from({ length: width }, (_, column) =>
    rows.some((row) => (row[column] ?? "").trim() !== ""),
  );
  return rows
    .filter((row) => row.some((cell) => cell.trim() !== ""))
    .map((row) => used.flatMap((isUsed, column) => (isUsed ? [row[column] ?? ""] : [])));
}
