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
};
