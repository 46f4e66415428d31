import type { PrewarmRun } from "#components/api/cache-shapes.ts";
import { sayCount } from "#components/ui/time-words.ts";

const did: Readonly<Record<string, (count: number) => string>> = {
  answered: (count) => `${String(count)} answered`,
  stillGood: (count) => `${String(count)} still good`,
  withoutAnswer: (count) => `${String(count)} not in the documents`,
  failed: (count) => `${String(count)} failed`,
  yields: (count) => `gave way ${sayCount(count, "time", "times")}`,
  aliases: (count) => `${sayCount(count, "wording", "wordings")} proven`,
  curatedToReview: (count) => `${String(count)} curated to look at`,
  "shadow-agrees": (count) => `${String(count)} checked and agreed`,
  "shadow-disagrees": (count) => `${String(count)} checked and removed`,
  modelsLoaded: (count) => `${sayCount(count, "model", "models")} loaded`,
};
const outcomes: Readonly<Record<PrewarmRun["outcome"], string>> = {
  requested: "Asked for, about to begin",
  running: "At work",
  complete: "",
  stopped: "Broken off",
  failed: "Failed",
};

export function sayRun({ outcome, counts }: PrewarmRun): string {
  const parts = Object.entries(did).flatMap(([name, say]) => {
    const count = counts[name] ?? 0;
    return count === 0 ? [] : [say(count)];
  });
  const sentence = parts.length === 0 && outcome === "complete" ? ["nothing to do"] : parts;
  return [outcomes[outcome], sentence.join(", ")].filter((part) => part !== "").join(": ");
}

export const triggers: Readonly<Record<PrewarmRun["trigger"], string>> = {
  start: "at the start",
  timer: "on its rhythm",
  documents: "after documents changed",
  admin: "asked for",
};
