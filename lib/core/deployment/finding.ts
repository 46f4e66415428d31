/** What one check of a deployment found. */
export interface Finding {
  readonly check: string;
  readonly verdict: "ok" | "warn" | "fail";
  readonly text: string;
  /** What an operator can do about it. */
  readonly advice?: string;
}

export const ok = (check: string, text: string): Finding => ({ check, verdict: "ok", text });

export const warn = (check: string, text: string, advice: string): Finding => ({
  check,
  verdict: "warn",
  text,
  advice,
});

export const fail = (check: string, text: string, advice: string): Finding => ({
  check,
  verdict: "fail",
  text,
  advice,
});

const marks = { ok: " ok ", warn: "WARN", fail: "FAIL" } as const;

/** A line for people, and a second one with what to do. */
export const formatFinding = ({ verdict, check, text, advice }: Finding): string =>
  `[${marks[verdict]}] ${check}: ${text}${advice === undefined ? "" : `\n         ${advice}`}`;

/** The last line. */
export function formatTotal(findings: readonly Finding[]): string {
  const count = (verdict: Finding["verdict"]): number =>
    findings.filter((finding) => finding.verdict === verdict).length;
  const counted = (amount: number, word: string): string =>
    `${String(amount)} ${word}${amount === 1 ? "" : "s"}`;
  return `${String(count("ok"))} ok, ${counted(count("warn"), "warning")}, ${counted(count("fail"), "failure")}`;
}
