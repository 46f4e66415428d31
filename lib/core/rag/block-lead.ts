import { embeddingTokens } from "./embedding-tokens.ts";

const bar = " | ";
const mostLeadTokens = 60;

/** Longest beginning of a line that fits, cut between cells or words. */
function fitted(line: string, separator: string): string | null {
  const parts = line.split(separator);
  while (parts.length > 1 && embeddingTokens(parts.join(separator)) > mostLeadTokens) parts.pop();
  const cut = parts.join(separator);
  return embeddingTokens(cut) > mostLeadTokens ? null : cut;
}

/** Names of columns: words in at least two cells, no figures. A caption may stand above them. */
function tableHeader(lines: readonly string[]): string | null {
  const header = lines.slice(0, 2).find((line) => line.includes(bar));
  if (header === undefined) return null;
  const cells = header.split(bar).map((cell) => cell.trim());
  const isNamed = cells.filter((cell) => /\p{L}/u.test(cell)).length >= 2;
  const hasFigure = cells.some((cell) => /^[\d\s.,%$€£+-]*\d[\d\s.,%$€£+-]*$/.test(cell));
  return isNamed && !hasFigure ? fitted(header, bar) : null;
}

/** The line that opens a function or class, past remarks and decorators. */
function opening(lines: readonly string[]): string | null {
  const line = lines.slice(0, 20).find((each) => /^\s*[\p{L}_]/u.test(each));
  return line === undefined ? null : fitted(line.trim(), " ");
}

/**
 * What the later pieces of a block that is cut must keep to be understood: the header row of a table, the first line
 * of a piece of program. `null` where there is no such line.
 */
export function blockLead(kind: string, text: string): string | null {
  const lines = text.slice(0, 8000).split("\n");
  if (kind === "table") return tableHeader(lines);
  return kind === "code" ? opening(lines) : null;
}
