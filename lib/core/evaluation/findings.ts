/** What an evaluation found out. Further fields are the kind's own, e.g. `wrong` of the documents. */
export interface EvaluationFindings {
  /** Figures by name, e.g. `hybrid.ndcg@10`; what a figure means is said where it is made. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, number>>;
  /** 95 % bounds of figures by name. */
  readonly bounds?: Readonly<Record<string, readonly [number, number]>>;
  /** Rankings in TREC's run format, where the kind ranks. */
  readonly runLines?: readonly string[];
  readonly [more: string]: unknown;
}

/** One run of `npm run evaluate`, as `--json` writes it. */
export interface EvaluationReport extends EvaluationFindings {
  readonly kind: string;
  readonly path: string;
  readonly seconds: number;
}

const rounded = (value: number): string =>
  Number.isInteger(value) ? String(value) : value.toFixed(3);

/** The report as lines for a terminal: figures with their bounds, then counts, then where to read what they mean. */
export function formatReport(report: EvaluationReport): string {
  const names = [...Object.keys(report.metrics), ...Object.keys(report.counts)];
  const width = Math.max(6, ...names.map((name) => name.length));
  const within = (name: string): string => {
    const bound = report.bounds?.[name];
    return bound === undefined ? "" : `${rounded(bound[0])} … ${rounded(bound[1])}`;
  };
  const row = (...[name = "", value = "", bounds = ""]: readonly string[]): string =>
    `  ${name.padEnd(width)}  ${value.padEnd(7)}  ${bounds}`.trimEnd();
  return [
    `${report.kind} on ${report.path} (${report.seconds.toFixed(1)} s)`,
    "",
    row("figure", "value", "95 % bounds"),
    ...Object.entries(report.metrics).map(([name, value]) =>
      row(name, rounded(value), within(name)),
    ),
    "",
    row("counted"),
    ...Object.entries(report.counts).map(([name, value]) => row(name, rounded(value))),
    ...wrongLines(report["wrong"]),
    "",
    `What the figures mean: docs/evaluation.md, ${report.kind}.`,
  ].join("\n");
}

const mostWrongLines = 20;

/** What went wrong, by name; the whole list is in the JSON. */
function wrongLines(wrong: unknown): readonly string[] {
  if (!Array.isArray(wrong) || wrong.length === 0) return [];
  const lines = wrong.slice(0, mostWrongLines).map((one: unknown) => {
    if (typeof one !== "object" || one === null) return `  ${String(one)}`;
    const parts = Object.entries(one).map(([name, value]) => `${name} ${String(value)}`);
    return `  ${parts.join(", ")}`;
  });
  const more = wrong.length - lines.length;
  return ["", "  wrong", ...lines, ...(more > 0 ? [`  … and ${String(more)} more (--json)`] : [])];
}
