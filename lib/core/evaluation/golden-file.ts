import type { GoldenText } from "./golden-question.ts";

export interface ReadGolden {
  readonly questions: readonly GoldenText[];
  /** One sentence for each line that is no golden question. */
  readonly faults: readonly string[];
}

export const goldenLimits = { question: 8000, fileName: 255, passage: 2000, questions: 2000 };

type Row = Readonly<Record<string, unknown>>;

const textOf = (value: unknown): string => (typeof value === "string" ? value.trim() : "");

/** The first of the names that the row has. */
const named = (row: Row, names: readonly string[]): string =>
  textOf(names.map((name) => row[name]).find((value) => value !== undefined && value !== null));

function firstReference(row: Row): string {
  const { references } = row;
  const [first] = Array.isArray(references) ? (references as readonly Row[]) : [];
  return textOf(first?.["content"]);
}

/** A row of either format: our own names, and those of the measuring data (`text`, `corpus_id`, `references`). */
function goldenOf(row: Row, line: number): GoldenText | string {
  const question = named(row, ["question", "text"]);
  const fileName = named(row, ["file", "fileName", "corpus_id"]);
  const passage = named(row, ["passage", "answer"]) || firstReference(row);
  const at = `Line ${String(line)}`;
  if (question === "") return `${at}: there is no question.`;
  if (question.length > goldenLimits.question) return `${at}: the question is too long.`;
  if (fileName.length > goldenLimits.fileName) return `${at}: the file name is too long.`;
  if (fileName === "" && passage !== "") return `${at}: a passage needs the name of its file.`;
  return {
    question,
    fileName: fileName === "" ? null : fileName,
    passage: passage.slice(0, goldenLimits.passage),
  };
}

function collected(rows: readonly (GoldenText | string)[]): ReadGolden {
  const questions = rows.filter((row) => typeof row !== "string");
  const faults = rows.filter((row) => typeof row === "string");
  const most = goldenLimits.questions;
  return questions.length <= most
    ? { questions, faults }
    : { questions: [], faults: [`A file may hold ${String(most)} questions, not more.`] };
}

const storable = (text: string): string => text.replaceAll("\u0000", "").toWellFormed();

/** Lines of JSON as `queries.jsonl` of the measuring data has them. */
export function readGoldenLines(content: string): ReadGolden {
  const lines = storable(content).split(/\r?\n/);
  return collected(
    lines.flatMap((line, at) => {
      if (line.trim() === "") return [];
      try {
        const row: unknown = JSON.parse(line);
        const isRow = typeof row === "object" && row !== null && !Array.isArray(row);
        return [isRow ? goldenOf(row as Row, at + 1) : `Line ${String(at + 1)}: no JSON object.`];
      } catch {
        return [`Line ${String(at + 1)}: no JSON.`];
      }
    }),
  );
}

/** A table whose first row names `question`, `file` and `passage`, separated by commas or semicolons. */
export function readGoldenTable(content: string): ReadGolden {
  const text = storable(content).replace(/^\uFEFF/, "");
  const [head, ...rows] = tableRows(text, headSeparator(text));
  const names = head?.cells.map((cell) => cell.trim().toLowerCase()) ?? [];
  if (!names.includes("question") && !names.includes("text"))
    return {
      questions: [],
      faults: ["The first row must name the columns: question, file, passage."],
    };
  return collected(
    rows
      .filter(({ cells }) => cells.some((cell) => cell.trim() !== ""))
      .map(({ cells, line }) =>
        goldenOf(
          Object.fromEntries(names.map((name, at) => [name, withoutGuard(cells[at] ?? "")])),
          line,
        ),
      ),
  );
}

/** What `csvField` puts before a field that a spreadsheet would take for a formula. */
const withoutGuard = (cell: string): string => (/^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell);

const headSeparator = (text: string): string => {
  const head = text.slice(0, text.search(/\r|\n|$/));
  return head.includes(";") && !head.includes(",") ? ";" : ",";
};

interface TableRow {
  readonly line: number;
  readonly cells: string[];
}

/** RFC 4180: quoted cells may hold separators, line ends and doubled quotes. */
function tableRows(text: string, separator: string): readonly TableRow[] {
  const cell = new RegExp(
    `(?:"((?:[^"]|"")*)"|([^${separator}\\r\\n]*))(${separator}|\\r?\\n|\\r|$)`,
    "gy",
  );
  const rows: TableRow[] = [];
  let row: TableRow = { line: 1, cells: [] };
  let line = 1;
  for (const match of text.matchAll(cell)) {
    const [whole, quoted, plain = "", end] = match;
    row.cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    line += whole.match(/\r\n|\n|\r/g)?.length ?? 0;
    if (end === separator) continue;
    rows.push(row);
    row = { line, cells: [] };
    if (end === "") break;
  }
  return rows;
}

interface PlacedGolden extends GoldenText {
  readonly id: string;
  /** Where the passage stands in the document's text; `null` when it is not there (any more). */
  readonly span: readonly [number, number] | null;
}

/** One line of `queries.jsonl` that both `readGoldenLines` and `npm run evaluate -- retrieval` read. */
export function goldenLine({ id, question, fileName, passage, span }: PlacedGolden): string {
  const place =
    fileName === null || span === null
      ? {}
      : {
          corpus_id: fileName,
          references: [{ content: passage, start: span[0], end: span[1] }],
        };
  return `${JSON.stringify({ id, text: question, file: fileName, passage, ...place })}\n`;
}

/** A line of `qrels.tsv`, for questions that any passage of their document answers; else nothing. */
export const judgementLine = ({ id, fileName, span }: PlacedGolden): string =>
  fileName === null || span !== null ? "" : `${id}\t${fileName}\t1\n`;

/** Where the words stand in a text, whatever its line breaks are; `null` when they do not. */
export function spanOf(text: string, words: string): readonly [number, number] | null {
  const pieces = words.trim().split(/\s+/).filter(Boolean);
  if (pieces.length === 0) return null;
  const pattern = pieces.map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  const match = new RegExp(pattern.join(String.raw`\s+`), "i").exec(text);
  return match === null ? null : [match.index, match.index + match[0].length];
}
