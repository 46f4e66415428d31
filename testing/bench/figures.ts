/** One measured figure, in the form that `npm run bench -- --json FILE` writes (DESIGN.md section 11). */
export interface Figure {
  readonly part: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The limit that an issue names; `null` where there is none. */
  readonly goal: number | null;
  readonly better: "lower" | "higher";
  /** What the value is compared with, in words. */
  readonly against: string;
}

/** The p-quantile by the nearest-rank method; p from 0 to 1. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(p * sorted.length));
  const value = sorted[rank - 1];
  if (value === undefined) throw new RangeError("no values were measured");
  return value;
}

const verdict = ({ value, goal, better }: Figure): string => {
  if (goal === null) return "";
  return (better === "lower" ? value <= goal : value >= goal) ? "met" : "missed";
};

const round = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);

/** A table for people; columns are padded to the widest cell. */
export function formatFigures(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.part,
    figure.name,
    `${round(figure.value)} ${figure.unit}`,
    figure.goal === null ? "" : `${figure.better === "lower" ? "≤" : "≥"} ${round(figure.goal)}`,
    verdict(figure),
    figure.against,
  ]);
  const table = [["part", "figure", "value", "goal", "", "against"], ...rows];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
