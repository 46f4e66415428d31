import { policies, type PolicyName } from "../balancing/policies.ts";
import { choice } from "./setting-kinds.ts";

/** How work is spread over the nodes. */
export const clusterSettings = {
  policy: choice<PolicyName>({
    label: "Balancing policy",
    hint: "How the next request finds its node. A change holds from the next request on.",
    options: Object.keys(policies) as PolicyName[],
    fallback: "predicted-time",
  }),
};
