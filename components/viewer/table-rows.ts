import type { TextRange } from "./document-blocks.ts";

/** Cells as they stand in a row of the text that was read: between bars, the last one may be empty. */
const bar = / \|(?: |$)/gu;

function cellsOf(line: string, at: number): readonly TextRange[] {
  const cells: TextRange[] = [];
  let from = 0;
  for (const found of line.matchAll(bar)) {
    cells.push({ start: at + from, end: at + found.index });
    from = found.index + found[0].length;
  }
  return [...cells, { start: at + from, end: at + line.length }];
}

/** The cells of each row of a stretch of text that is a table throughout; `null` where it is none, or one row alone. */
export function tableRows(
  text: string,
  { start, end }: TextRange,
): readonly (readonly TextRange[])[] | null {
  const rows: (readonly TextRange[])[] = [];
  let at = start;
  for (const line of text.slice(start, end).split("\n")) {
    const cells = cellsOf(line, at);
    if (cells.length < 2) return null;
    rows.push(cells);
    at += line.length + 1;
  }
  return rows.length < 2 ? null : rows;
}

/** Does the first row name the columns: words in every cell that holds anything, and no figures? */
export const namesColumns = (text: string, row: readonly TextRange[]): boolean =>
  row.every(({ start, end }) => {
    const cell = text.slice(start, end).trim();
    return cell === "" || (/\p{L}/u.test(cell) && !/^[\d\s.,%$€£+-]+$/u.test(cell));
  });
