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

/** The report as lines for a terminal: figures first, then counts. */
export function formatReport(report: EvaluationReport): string {
  const rows = [...Object.entries(report.metrics), ...Object.entries(report.counts)];
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  const within = (name: string): string => {
    const bound = report.bounds?.[name];
    return bound === undefined ? "" : `  ${rounded(bound[0])} … ${rounded(bound[1])}`;
  };
  const title = `${report.kind} on ${report.path} (${report.seconds.toFixed(1)} s)`;
  return [
    title,
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${rounded(value)}${within(name)}`),
  ].join("\n");
}
