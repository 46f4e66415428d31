/** What one check found. */
export interface Finding {
  readonly check: string;
  readonly verdict: "ok" | "warn" | "fail";
  readonly text: string;
  /** What an operator can do about it; absent where nothing is wrong. */
  readonly advice?: string;
}

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

const marks = { ok: " ok ", warn: "WARN", fail: "FAIL" } as const;

const lineOf = ({ verdict, check, text, advice }: Finding): string =>
  `[${marks[verdict]}] ${check}: ${text}${advice === undefined ? "" : `\n         ${advice}`}`;

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
export const formatReport = ({ findings, latencies }: ClusterReport): string => {
  const counted = (verdict: Finding["verdict"]): number =>
    findings.filter((finding) => finding.verdict === verdict).length;
  const total = `${String(counted("ok"))} ok, ${String(counted("warn"))} warnings, ${String(counted("fail"))} failures`;
  return [
    ...findings.map(lineOf),
    ...(latencies.length === 0 ? [] : ["", table(latencies)]),
    "",
    total,
  ].join("\n");
};
