import { sameModel, slotsOf, type Candidate, type NodeCapacity } from "../balancing/node-view.ts";
import type { BalancingPolicy } from "../balancing/policies.ts";
import { takesWork } from "../health/node-health.ts";
import type { WorkClass, WorkKind } from "./work-class.ts";

export interface DispatchRequest {
  readonly class: WorkClass;
  readonly kind: WorkKind;
  readonly model: string;
  readonly avoidNodeIds: readonly string[];
}

export type InFlight = (nodeId: string, kind: WorkKind) => number;

/** The node that takes the request now, by the policy; undefined when it has to wait. */
export function nodeFor(
  request: DispatchRequest,
  nodes: readonly NodeCapacity[],
  inFlight: InFlight,
  policy: BalancingPolicy,
): NodeCapacity | undefined {
  const serving = nodes.filter(
    (node) =>
      takesWork(node.status) && node.models.some((model) => sameModel(model, request.model)),
  );
  // A node that failed this request is better than none; its ejection keeps the two from going round in circles.
  const others = serving.filter((node) => !request.avoidNodeIds.includes(node.id));
  const eligible = others.length > 0 ? others : serving;
  const free = eligible
    .map((node): Candidate => ({
      node,
      inFlight: inFlight(node.id, request.kind),
      slots: slotsOf(node, request.kind),
    }))
    .filter((candidate) => candidate.inFlight < candidate.slots);
  return policy(free)?.node;
}
