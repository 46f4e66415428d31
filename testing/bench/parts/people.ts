import { startBusyWorkspace } from "../../load/busy-workspace.ts";
import { flatGrowth, growthOf, holdManyPeople, type ManyPeople } from "../../load/many-people.ts";
import type { Figure } from "../figures.ts";
import { metricsToken } from "../product.ts";

const peopleCount = 500;
const streamCount = 50;
const lateGoalPercent = 1;

/** 500 signed-in people with an open page and 50 event streams from one address: memory over time, and how late the event loop is. */
export async function benchPeople({
  minutes,
}: {
  readonly minutes?: string | undefined;
}): Promise<readonly Figure[]> {
  const lastsMs = Number(minutes ?? "2") * 60_000;
  const { origin, cookies, stop } = await startBusyWorkspace(peopleCount);
  try {
    const load = { origin, metricsToken, cookies, streams: streamCount, lastsMs };
    return figuresOf(lastsMs, await holdManyPeople(load));
  } finally {
    await stop();
  }
}

function figuresOf(
  lastsMs: number,
  { memory, mostStreams, answered, lateShare, idleLateShare, faults }: ManyPeople,
): readonly Figure[] {
  const against = `${String(peopleCount)} signed in from one address, ${String(mostStreams)} streams, ${String(answered)} answers, ${(lastsMs / 60_000).toFixed(1)} min, all on the same cores`;
  const figure = (name: string, value: number, unit: string, goal: number | null): Figure => ({
    ...{ part: "people", name, value, unit, goal, better: "lower", against },
  });
  return [
    figure(
      "memory of the last quarter ÷ of the second",
      growthOf(memory),
      "",
      flatGrowth(lastsMs / 60_000),
    ),
    figure("memory of the app at the end", (memory.at(-1) ?? 0) / 1e6, "MB", null),
    figure("event loop later than 50 ms", 100 * lateShare(0.05), "%", lateGoalPercent),
    figure("a program that does nothing, later than 50 ms", 100 * idleLateShare(0.05), "%", null),
    figure("event loop later than 500 ms", 100 * lateShare(0.5), "%", null),
    figure("answers that were faults", faults.length, "", 0),
  ];
}
