import { number, type NumberSetting } from "./setting-kinds.ts";

const wait = (level: number, what: string, fallback: number): NumberSetting =>
  number({
    label: `Wait at which level ${String(level)} begins`,
    hint: `When somebody waits this long, ${what}.`,
    from: 1,
    to: 3600,
    unit: "seconds",
    fallback,
  });

const open = (level: number, fallback: number): NumberSetting =>
  number({
    label: `Nodes missing at which level ${String(level)} begins`,
    hint: "Nodes that are unreachable or resting after failures, of all that are not drained.",
    from: 1,
    to: 100,
    unit: "%",
    fallback,
  });

/** When the cluster cuts back, and how far. */
export const strainSettings = {
  level1WaitSeconds: wait(1, "answers get shorter", 10),
  level2WaitSeconds: wait(2, "the smallest model in memory answers and suggestions stop", 30),
  level3WaitSeconds: wait(3, "only people and urgent agents are served", 90),
  level1MissingPercent: open(1, 50),
  level2MissingPercent: open(2, 75),
  level3MissingPercent: open(3, 100),
  riseAfterSeconds: number({
    label: "Strain lasts before cutting back",
    hint: "A shorter one changes nothing.",
    from: 0,
    to: 600,
    unit: "seconds",
    fallback: 5,
  }),
  fallAfterSeconds: number({
    label: "Calm lasts before giving back",
    hint: "Then one level at a time.",
    from: 0,
    to: 3600,
    unit: "seconds",
    fallback: 30,
  }),
};
