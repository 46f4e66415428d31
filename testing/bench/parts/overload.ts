import { keptRefusedShare, runOverload } from "#testing/faults/overload.ts";
import { quantile, type Figure } from "../figures.ts";

/** A minute of ten times more questions than the nodes can answer, over the whole line from question to answer. */
export async function benchOverload(): Promise<readonly Figure[]> {
  const seen = await runOverload({
    ...{ seconds: 60, factor: 10, nodes: 4, answerMs: 2000, longestWaitSeconds: 30 },
    idleQuestions: 15,
  });
  const figure = (
    name: string,
    value: number,
    unit: string,
    goal: number | null,
    against: string,
  ): Figure => ({ part: "overload", name, value, unit, goal, better: "lower", against });
  const late = seen.waits.map(({ toldMs, waitedMs }) => waitedMs / toldMs);
  const evidence = (p: number): number =>
    quantile(seen.evidenceMs, p) / quantile(seen.idleEvidenceMs, p);
  const asked = `${String(seen.answered)} answered, ${String(seen.refusedMs.length)} refused`;
  return [
    figure("waited ÷ told, p95", quantile(late, 0.95), "×", 1.25, `${String(late.length)} waits`),
    figure("evidence, median", evidence(0.5), "×", 2, "at rest"),
    figure("evidence, p95", evidence(0.95), "×", 2, "at rest"),
    figure("refused after, p95", quantile(seen.refusedMs, 0.95), "ms", 100, asked),
    figure("kept answers refused", keptRefusedShare(seen), "share", 0.05, "80 ms to look for each"),
    figure("let in and lost", seen.lost.length, "", 0, `${String(seen.answered)} answered`),
    figure("heap at the end", seen.heapGrowth, "×", 1.2, "after the first third"),
  ];
}
