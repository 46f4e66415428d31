import { Parser } from "htmlparser2";
import { AppError } from "../../core/errors/app-error.ts";
import { maxTextLength } from "./text-builder.ts";
import { type NumberKind, shownNumber } from "./xlsx-values.ts";

export interface Workbook {
  readonly strings: readonly string[];
  /** Number kind by cell style. */
  readonly kinds: readonly NumberKind[];
  readonly from1904: boolean;
}

export interface Grid {
  /** Rows as they follow each other; an empty one where the sheet leaves a gap. */
  readonly rows: readonly (readonly string[])[];
  readonly hiddenRows: number;
  readonly hiddenColumns: number;
}

interface Cell {
  readonly column: number;
  readonly type: string;
  readonly style: number;
  value: string;
}

type Attributes = Readonly<Record<string, string>>;

const mostColumns = 16_384;

/** Column letters as a number from 0; -1 for none. */
function columnOf(reference: string | undefined): number {
  const letters = /^[A-Z]{1,3}(?=\d)/.exec(reference ?? "")?.[0];
  if (letters === undefined) return -1;
  return Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function shownCell({ type, value, style }: Cell, workbook: Workbook): string {
  switch (type) {
    case "s":
      return workbook.strings[Number(value)] ?? "";
    case "b":
      return value === "1" ? "TRUE" : "FALSE";
    case "e":
      return "";
    case "str":
    case "inlineStr":
    case "d":
      return value;
    default:
      return shownNumber(value, workbook.kinds[style] ?? "number", workbook.from1904);
  }
}

/** A sheet while its tags go by. */
class SheetReading {
  readonly rows: string[][] = [];
  readonly hiddenColumns: (readonly [number, number])[] = [];
  hiddenRows = 0;
  readonly #workbook: Workbook;
  #row: Map<number, string> | null = null;
  #cell: Cell | null = null;
  #nextColumn = 0;
  #lastRow = 0;
  #valueDepth = 0;
  #inReading = false;
  #length = 0;

  constructor(workbook: Workbook) {
    this.#workbook = workbook;
  }

  open(name: string, attributes: Attributes): void {
    if (name === "col") this.#openColumn(attributes);
    else if (name === "row") this.#openRow(attributes);
    else if (name === "c") this.#openCell(attributes);
    else if (name === "v" || name === "t") this.#valueDepth += 1;
    else if (name === "rPh") this.#inReading = true;
  }

  text(text: string): void {
    if (this.#cell !== null && this.#valueDepth > 0 && !this.#inReading) this.#cell.value += text;
  }

  close(name: string): void {
    if (name === "c") this.#closeCell();
    else if (name === "row") this.#closeRow();
    else if (name === "v" || name === "t") this.#valueDepth -= 1;
    else if (name === "rPh") this.#inReading = false;
  }

  #openColumn(attributes: Attributes): void {
    if (attributes["hidden"] === "1")
      this.hiddenColumns.push([Number(attributes["min"]) - 1, Number(attributes["max"]) - 1]);
  }

  #openRow(attributes: Attributes): void {
    const number = Number(attributes["r"] ?? this.#lastRow + 1);
    if (number > this.#lastRow + 1 && this.rows.length > 0) this.rows.push([]);
    this.#lastRow = number;
    this.#nextColumn = 0;
    const isHidden = attributes["hidden"] === "1";
    if (isHidden) this.hiddenRows += 1;
    this.#row = isHidden ? null : new Map();
  }

  #openCell(attributes: Attributes): void {
    const named = columnOf(attributes["r"]);
    const column = named === -1 ? this.#nextColumn : named;
    this.#nextColumn = column + 1;
    const style = Number(attributes["s"] ?? "0");
    this.#cell = { column, type: attributes["t"] ?? "n", style, value: "" };
  }

  #closeCell(): void {
    const cell = this.#cell;
    this.#cell = null;
    if (cell === null || cell.column >= mostColumns) return;
    if (this.hiddenColumns.some(([from, to]) => cell.column >= from && cell.column <= to)) return;
    const shown = shownCell(cell, this.#workbook);
    this.#row?.set(cell.column, shown);
    this.#length += shown.length + 3;
    if (this.#length > maxTextLength)
      throw new AppError("document_too_complex", { reason: "text size" });
  }

  #closeRow(): void {
    const row = this.#row;
    this.#row = null;
    if (row === null) return;
    const width = Math.max(0, ...row.keys()) + 1;
    this.rows.push(Array.from({ length: width }, (_, column) => row.get(column) ?? ""));
  }
}

/** Reads a sheet as a stream of tags: a tree of a million cells would not fit. */
export function readGrid(markup: string, workbook: Workbook): Grid {
  const reading = new SheetReading(workbook);
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        reading.open(name, attributes);
      },
      ontext: (text) => {
        reading.text(text);
      },
      onclosetag: (name) => {
        reading.close(name);
      },
    },
    { xmlMode: true },
  );
  parser.end(markup);
  return {
    rows: reading.rows,
    hiddenRows: reading.hiddenRows,
    hiddenColumns: reading.hiddenColumns.length,
  };
}
