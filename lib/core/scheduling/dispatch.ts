import { sameModel, slotsOf, type Candidate, type NodeCapacity } from "../balancing/node-view.ts";
import type { BalancingPolicy } from "../balancing/policies.ts";
import { takesWork } from "../health/node-health.ts";
import { isBulk, type WorkClass, type WorkKind } from "./work-class.ts";

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
  if (bulkMustWait(request, eligible.length, free.length)) return undefined;
  return policy(free)?.node;
}

/** Bulk embedding leaves the last free node to a person's question, where there is more than one. */
const bulkMustWait = (request: DispatchRequest, eligible: number, free: number): boolean =>
  isBulk(request.class) && request.kind === "embedding" && eligible > 1 && free <= 1;
