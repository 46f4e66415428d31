import { formatFinding, formatTotal, type Finding } from "#lib/core/deployment/finding.ts";

/** Speed of one node, as it was seen. */
export interface NodeLatency {
  readonly node: string;
  readonly requests: number;
  readonly firstTokenMsP50: number;
  readonly firstTokenMsP95: number;
  readonly tokensPerSecond: number;
}

export interface ClusterReport {
  readonly findings: readonly Finding[];
  readonly latencies: readonly NodeLatency[];
}

const ms = (value: number): string => `${value.toFixed(0)} ms`;

const table = (latencies: readonly NodeLatency[]): string => {
  const rows = [
    ["node", "requests", "first token p50", "p95", "tokens/s"],
    ...latencies.map((one) => [
      one.node,
      String(one.requests),
      ms(one.firstTokenMsP50),
      ms(one.firstTokenMsP95),
      one.tokensPerSecond.toFixed(0),
    ]),
  ];
  const widths =
    rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
};

/** For people. */
export const formatReport = ({ findings, latencies }: ClusterReport): string =>
  [
    ...findings.map(formatFinding),
    ...(latencies.length === 0 ? [] : ["", table(latencies)]),
    "",
    formatTotal(findings),
  ].join("\n");
