import { policies, type PolicyName } from "../balancing/policies.ts";
import { choice, number } from "./setting-kinds.ts";

/** How work is spread over the nodes. */
export const clusterSettings = {
  policy: choice<PolicyName>({
    label: "Balancing policy",
    hint: "How the next request finds its node. A change holds from the next request on.",
    options: Object.keys(policies) as PolicyName[],
    fallback: "predicted-time",
  }),
  modelsPerNode: number({
    label: "Models in memory, per node",
    hint: "Drover unloads the least recently used one before it loads another.",
    from: 1,
    to: 16,
    unit: "models",
    fallback: 2,
  }),
  failuresInARow: number({
    label: "Failures in a row until a node rests",
    hint: "Or as many within a minute when they are half of its requests.",
    from: 1,
    to: 100,
    unit: "failures",
    fallback: 5,
  }),
  longestRestSeconds: number({
    label: "Longest rest of a failing node",
    hint: "The first rest is one second; each further one is twice as long, up to this.",
    from: 1,
    to: 3600,
    unit: "seconds",
    fallback: 60,
  }),
  firstTokenSeconds: number({
    label: "Patience until a node begins",
    hint: "Longer for long prompts: four times the predicted time.",
    from: 1,
    to: 600,
    unit: "seconds",
    fallback: 10,
  }),
  betweenTokensSeconds: number({
    label: "Patience between two words",
    hint: "Longer where the node may be reading a long prompt beside it.",
    from: 1,
    to: 600,
    unit: "seconds",
    fallback: 10,
  }),
  retryPercent: number({
    label: "Requests that may be tried again elsewhere",
    hint: "Of all requests in ten seconds, and never fewer than five; the rest goes back to the queue for a second.",
    from: 1,
    to: 100,
    unit: "%",
    fallback: 10,
  }),
};
