import { policies } from "../balancing/policies.ts";
import { choice } from "./setting-kinds.ts";

type PolicyName = keyof typeof policies;

/** How work is spread over the nodes. */
export const clusterSettings = {
  policy: choice<PolicyName>({
    label: "Balancing policy",
    hint: "How the next request finds its node. A change holds from the next request on.",
    options: Object.keys(policies) as PolicyName[],
    fallback: "least-requests",
  }),
};
