import type { NodeCapacity } from "#lib/core/balancing/node-view.ts";
import { milliseconds } from "#lib/core/time/milliseconds.ts";
import type { Waiter } from "#lib/ports/slot-ledger.ts";

export const nodeOf = (id: string, slots = 1): NodeCapacity => ({
  id,
  slots,
  weight: 1,
  status: { kind: "available" },
  models: ["chat:1b", "embed:latest"],
  resident: ["chat:1b", "embed:latest"],
  rates: {},
  loadMs: {},
  penaltyMs: milliseconds(0),
});
export const waiterOf = (id: string, change: Partial<Waiter> = {}): Waiter => ({
  id,
  kind: "chat",
  model: "chat:1b",
  class: "interactive",
  client: "someone",
  since: milliseconds(0),
  promptTokens: 10,
  outputTokens: 10,
  prefix: { hashes: [], tokensPerBlock: 0 },
  avoidNodeIds: [],
  ...change,
});
