/** One line of Prometheus' text format, without its family's name. */
export interface MetricSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge";
  readonly samples: readonly MetricSample[];
}

/** Durations in seconds, counted below each of `bounds`. */
export interface MetricHistogram {
  readonly name: string;
  readonly help: string;
  readonly bounds: readonly number[];
  readonly series: readonly {
    readonly labels: Readonly<Record<string, string>>;
    /** One count a bound, not cumulated, and a last one for what lies above. */
    readonly counts: readonly number[];
    readonly sum: number;
  }[];
}

/** Prometheus' text exposition format 0.0.4. */
export function metricsText(
  families: readonly MetricFamily[],
  histograms: readonly MetricHistogram[],
): string {
  const lines: string[] = [];
  for (const { name, help, type, samples } of families) {
    lines.push(...headOf(name, help, type));
    for (const { labels, value } of samples) lines.push(sampleLine(name, labels, value));
  }
  for (const histogram of histograms) lines.push(...histogramLines(histogram));
  return `${lines.join("\n")}\n`;
}

const headOf = (name: string, help: string, type: string): readonly string[] => [
  `# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}`,
  `# TYPE ${name} ${type}`,
];

function histogramLines({ name, help, bounds, series }: MetricHistogram): readonly string[] {
  const lines = [...headOf(name, help, "histogram")];
  for (const { labels, counts, sum } of series) {
    let below = 0;
    for (const [index, bound] of bounds.entries()) {
      below += counts[index] ?? 0;
      lines.push(sampleLine(`${name}_bucket`, { ...labels, le: String(bound) }, below));
    }
    const count = below + (counts[bounds.length] ?? 0);
    lines.push(sampleLine(`${name}_bucket`, { ...labels, le: "+Inf" }, count));
    lines.push(sampleLine(`${name}_sum`, labels, sum));
    lines.push(sampleLine(`${name}_count`, labels, count));
  }
  return lines;
}

function sampleLine(name: string, labels: Readonly<Record<string, string>>, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${String(value)}`;
}

const escaped = (text: string): string =>
  text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
