import type { Failover } from "#lib/services/call-records.ts";
import { runStorm } from "#testing/faults/storm.ts";
import { coldLoads } from "#testing/faults/cold-loads.ts";
import { quantile, type Figure } from "../figures.ts";

/** What people notice when nodes die and freeze, on fake nodes at 1,000 tokens/s (issue: gap p99 1.5 s before and 3 s after the first token). */
export async function benchFaults(): Promise<readonly Figure[]> {
  const calm = await runStorm({ seed: 1, deaths: 0, freezes: 0, askers: 0 });
  if (calm.faults.length > 0) throw new Error("a calm herd is not sound");
  // As many as the two nodes that never die have slots: whoever moves finds one free, and what is measured is the move.
  const deaths = await runStorm({ seed: 2, deaths: 60, freezes: 0, askers: 4 });
  const freezes = await runStorm({ seed: 3, deaths: 0, freezes: 6, askers: 10 });
  const both = [...deaths.answers, ...freezes.answers];
  const faults = [...deaths.faults, ...freezes.faults];
  const resumed = deaths.answers.filter(({ resumes, resets }) => resumes + resets > 0);
  const moved = deaths.failovers.flatMap(({ movedMs }) => movedMs ?? []);
  const flows = deaths.failovers.flatMap(flowShare);
  const firsts = deaths.answers.map(({ firstTokenMs }) => firstTokenMs ?? 0);
  const figure = (
    name: string,
    value: number,
    unit: string,
    goal: number | null,
    against: string,
  ): Figure => ({ part: "faults", name, value, unit, goal, better: "lower", against });
  return [
    figure(
      "answers lost, doubled or mixed",
      faults.length,
      "",
      0,
      `${String(both.length)} answers`,
    ),
    figure(
      "seen lost → given to a free slot, p99",
      quantile([0, ...moved], 0.99),
      "ms",
      300,
      `${String(moved.length)} requests that moved`,
    ),
    figure(
      "seen lost → text flows again, p99",
      quantile([0, ...flows], 0.99),
      "×",
      1,
      "1.3 × predicted prefill + .5 s",
    ),
    figure(
      "first token while nodes die, p99",
      quantile([0, ...firsts], 0.99),
      "ms",
      1500,
      "60 deaths",
    ),
    figure(
      "gap in a text that a death broke, p99",
      quantile([0, ...resumed.map(({ longestGapMs }) => longestGapMs)], 0.99),
      "ms",
      3000,
      `${String(resumed.length)} broken texts`,
    ),
    figure(
      "gap or first token while a node freezes, worst",
      Math.max(
        0,
        ...freezes.answers.map(({ longestGapMs, firstTokenMs }) =>
          Math.max(longestGapMs, firstTokenMs ?? 0),
        ),
      ),
      "ms",
      15_000,
      "6 freezes",
    ),
    figure(
      "answers that broke twice: the evidence stood",
      both.filter(({ end }) => end === "stood").length,
      "",
      null,
      `${String(both.length)} answers`,
    ),
    await coldLoadFigure(figure),
  ];
}

/** From the loss being seen to the next text, in parts of what it may take. */
const flowShare = ({ flowsMs, predictedMs }: Failover): readonly number[] =>
  flowsMs === null || predictedMs === null ? [] : [flowsMs / (1.3 * predictedMs + 500)];

/** Cold loads that take their time: a node that loads is not a dead node. */
async function coldLoadFigure(
  figure: (name: string, value: number, unit: string, goal: number, against: string) => Figure,
): Promise<Figure> {
  const { loads, failed, lost } = await coldLoads(500);
  return figure(
    "cold loads called dead",
    failed + lost,
    "",
    0,
    `${String(loads)} loads of .1 to 3 s under load`,
  );
}
