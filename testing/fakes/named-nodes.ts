import type { NodeCapacity } from "#lib/core/balancing/node-view.ts";
import { policies, type PolicyName } from "#lib/core/balancing/policies.ts";
import { Dispatcher } from "#lib/core/scheduling/dispatcher.ts";
import { noPrefix } from "#lib/core/scheduling/prefix-chain.ts";
import type { Waiter } from "#lib/core/scheduling/waiter.ts";
import type { WorkClass } from "#lib/core/scheduling/work-class.ts";
import { milliseconds } from "#lib/core/time/milliseconds.ts";

export const chatModel = "chat:1b";

export const nodeOf = (id: string, change: Partial<NodeCapacity> = {}): NodeCapacity => ({
  id,
  status: { kind: "available" },
  slots: 1,
  weight: 1,
  models: [chatModel, "other:1b"],
  resident: [chatModel],
  rates: {},
  loadMs: {},
  penaltyMs: milliseconds(0),
  ...change,
});

export const waiterOf = (id: string, change: Partial<Waiter> = {}): Waiter => ({
  id,
  kind: "chat",
  class: "interactive",
  client: id,
  model: chatModel,
  since: milliseconds(0),
  promptTokens: 200,
  outputTokens: 20,
  prefix: noPrefix,
  avoidNodeIds: [],
  ...change,
});

/** The dispatcher of the product over nodes that are only named: time is what the test says. */
export function startDispatcher(
  nodes: readonly NodeCapacity[],
  policy: PolicyName = "predicted-time",
) {
  const held = new Set<WorkClass>();
  const dispatcher = new Dispatcher({
    policy: () => policies[policy],
    chance: () => 0,
    isHeld: (workClass) => held.has(workClass),
  });
  dispatcher.setNodes(nodes);
  const enter = (waiter: Waiter, now = 0): void => {
    dispatcher.enter(waiter, milliseconds(now));
  };
  const granted = (now = 0): readonly string[] =>
    dispatcher.grants(milliseconds(now)).map(({ waiter, nodeId }) => `${waiter.id} on ${nodeId}`);
  const endAll = (now = 0): void => {
    for (const id of [...dispatcher.state.leases.keys()]) dispatcher.end(id, {}, milliseconds(now));
  };
  return { dispatcher, enter, granted, endAll, held };
}
