import { number, type NumberSetting } from "./setting-kinds.ts";

const longestWait = (who: string, fallback: number): NumberSetting =>
  number({
    label: `Longest predicted wait: ${who}`,
    hint: "A question that would wait longer is refused at once, with the time after which to ask again.",
    from: 1,
    to: 3600,
    unit: "seconds",
    fallback,
  });

/** How much one client may ask of the cluster. A person who is alone on it is not limited. */
export const limitSettings = {
  requestsPerMinute: number({
    label: "Requests a minute, per person or key",
    hint: "Half as many again may come in a burst. 0 sets no limit; a person who is alone on the cluster has none.",
    from: 0,
    to: 10_000,
    unit: "requests",
    fallback: 20,
  }),
  tokensPerMinute: number({
    label: "Tokens a minute, per person or key",
    hint: "Prompt and answer together; a client beyond them is refused until it has paid back. 0 sets no limit.",
    from: 0,
    to: 10_000_000,
    unit: "tokens",
    fallback: 0,
  }),
  agentRequestsPerMinute: number({
    label: "Requests a minute, all agents together",
    hint: "Half as many again may come in a burst. 0 sets no limit.",
    from: 0,
    to: 100_000,
    unit: "requests",
    fallback: 120,
  }),
  interactiveWaitSeconds: longestWait("people who chat", 60),
  agentHighWaitSeconds: longestWait("agents, high", 60),
  agentMediumWaitSeconds: longestWait("agents, medium", 120),
  agentLowWaitSeconds: longestWait("agents, low", 240),
};
