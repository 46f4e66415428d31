import type { QueueOverview } from "#components/api/shapes.ts";
import { sayCount, sayWait } from "#components/ui/time-words.ts";

/** Every sentence of the queue page. */
export const words = {
  title: "Queue",
  notRead: "The queue could not be read.",
  sections: { running: "Running", waiting: "Waiting", dead: "Stopped for good" },
  hints: {
    running: "What Drover works on now.",
    waiting: "In the order in which it runs.",
    dead: "Drover does not try these again by itself. Mend the cause, then run them again.",
  },
  empty: { running: "Nothing is being worked on.", waiting: "Nothing waits.", dead: "Nothing." },
  columns: { job: "Work", state: "State", when: "Since", actions: "Actions" },
  kinds: {
    ingest: "Read a document",
    generate: "Answer for a program",
    prewarm: "Prepare answers",
    verify: "Check a cached answer",
    research: "Research",
    sync: "Look for changed files",
    golden: "Ask golden questions",
  } as Readonly<Record<string, string>>,
  choose: (subject: string) => `Choose ${subject}`,
  chooseAll: (section: string) => `Choose everything: ${section}`,
  cancel: (count: number) => `Cancel ${String(count)}`,
  replay: (count: number) => `Run ${String(count)} again`,
  purge: (count: number) => `Forget ${String(count)}`,
  attempt: (attempt: number, most: number) =>
    `attempt ${String(Math.min(attempt, most))} of ${String(most)}`,
  notBefore: (waitMs: number) => `tries again in ${sayWait(waitMs)}`,
  firstOf: (shown: number, all: number) =>
    `The first ${String(shown)} of ${sayCount(all, "job", "jobs")}.`,
  did: {
    cancel: (count: number) => `Cancelled: ${sayCount(count, "job", "jobs")}`,
    replay: (count: number) => `Runs again: ${sayCount(count, "job", "jobs")}`,
    purge: (count: number) => `Forgotten: ${sayCount(count, "job", "jobs")}`,
  },
} as const;

/** The first line of the page: how things stand, in words. */
export const sayState = ({ counts, completedLastHour, oldestWaitMs }: QueueOverview): string => {
  const parts = [
    counts.running === 0 ? null : sayCount(counts.running, "job runs", "jobs run"),
    counts.waiting === 0
      ? null
      : `${sayCount(counts.waiting, "waits", "wait")}${oldestWaitMs < 1000 ? "" : `, the first for ${sayWait(oldestWaitMs)}`}`,
    counts.dead === 0 ? null : `${sayCount(counts.dead, "needs", "need")} your attention`,
  ].filter((part) => part !== null);
  const now = parts.length === 0 ? "Nothing waits and nothing is stuck" : parts.join("; ");
  return `${now}. ${sayCount(completedLastHour, "job", "jobs")} done in the last hour.`;
};
