import type { WorkClass } from "../scheduling/work-class.ts";
import { number, type NumberSetting } from "./setting-kinds.ts";

const weight = (who: string, fallback: number): NumberSetting =>
  number({
    label: `Share of ${who}`,
    hint: "Beside the shares of the others that want work done at the same time.",
    from: 0.05,
    to: 100,
    decimals: 2,
    unit: "parts",
    fallback,
  });

const bound = (who: string, fallback: number): NumberSetting =>
  number({
    label: `Longest without a slot: ${who}`,
    hint: "After this long without any slot they get the next one, whatever their share.",
    from: 1,
    to: 3600,
    unit: "seconds",
    fallback,
  });

/** How the kinds of work share the cluster (DESIGN.md section 4). */
export const shareSettings = {
  interactiveWeight: weight("people who chat", 8),
  agentHighWeight: weight("agents, high", 4),
  agentMediumWeight: weight("agents, medium", 2),
  agentLowWeight: weight("agents, low", 1),
  ingestWeight: weight("reading documents", 1),
  prewarmWeight: weight("preparing answers", 0.25),
  interactiveBoundSeconds: bound("people who chat", 5),
  agentHighBoundSeconds: bound("agents, high", 5),
  agentMediumBoundSeconds: bound("agents, medium", 15),
  agentLowBoundSeconds: bound("agents, low", 30),
  ingestBoundSeconds: bound("reading documents", 60),
};

/** The names of a class's settings begin with this. */
export const settingPrefix: Readonly<Record<WorkClass, string>> = {
  interactive: "interactive",
  "agent-high": "agentHigh",
  "agent-medium": "agentMedium",
  "agent-low": "agentLow",
  ingest: "ingest",
  prewarm: "prewarm",
};
