/** What an evaluation found out. Further fields are the kind's own, e.g. `wrong` of the documents. */
export interface EvaluationFindings {
  /** Figures by name, e.g. `hybrid.ndcg@10`; what a figure means is said where it is made. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, number>>;
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
  const title = `${report.kind} on ${report.path} (${report.seconds.toFixed(1)} s)`;
  return [title, ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${rounded(value)}`)].join(
    "\n",
  );
}
