import type { BalancingPolicy } from "../../core/balancing/policies.ts";
import type { NodeCapacity } from "../../core/balancing/node-view.ts";
import { AppError } from "../../core/errors/app-error.ts";
import { compareWaiters } from "../../core/scheduling/admission-order.ts";
import { nodeFor } from "../../core/scheduling/dispatch.ts";
import type { WorkKind } from "../../core/scheduling/work-class.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Lease, SlotLedger, Waiter } from "../../ports/slot-ledger.ts";

export interface MemorySlotLedgerDeps {
  readonly clock: Clock;
  /** Read at each decision, so that it can be changed while the program runs. */
  readonly policy: () => BalancingPolicy;
  /** Waiters allowed before new ones are refused. */
  readonly queueLimit?: number;
}

interface Waiting {
  readonly waiter: Waiter;
  readonly admit: (lease: Lease) => void;
}

const defaultQueueLimit = 1000;
const retryAfterMs = 5000;

/** Slot ledger and admission queue of a single process. */
export function createMemorySlotLedger(deps: MemorySlotLedgerDeps): SlotLedger {
  const leases = createLeases(deps.policy);
  let waiting: readonly Waiting[] = [];

  const dispatch = (): void => {
    for (const entry of waiting) {
      const lease = leases.grant(entry.waiter);
      if (lease === undefined) continue;
      waiting = waiting.filter((other) => other !== entry);
      entry.admit(lease);
    }
  };

  const enqueue = (waiter: Waiter, signal: AbortSignal): Promise<Lease> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        waiting = waiting.filter((other) => other !== entry);
        reject(signal.reason as Error);
      };
      const admit = (lease: Lease): void => {
        signal.removeEventListener("abort", leave);
        resolve(lease);
      };
      const entry: Waiting = { waiter, admit };
      signal.addEventListener("abort", leave, { once: true });
      waiting = [...waiting, entry].sort((one, other) => compareWaiters(one.waiter, other.waiter));
      dispatch();
    });

  return {
    acquire(waiter, signal) {
      if (signal.aborted) return Promise.reject(signal.reason as Error);
      if (waiting.length >= (deps.queueLimit ?? defaultQueueLimit)) {
        const queueDepth = waiting.length;
        return Promise.reject(new AppError("cluster_saturated", { retryAfterMs, queueDepth }));
      }
      return enqueue(waiter, signal);
    },
    release(lease, { bookedMs = 0 } = {}) {
      const free = (): void => {
        if (leases.giveBack(lease)) dispatch();
      };
      if (bookedMs <= 0) free();
      else void deps.clock.sleep(bookedMs).then(free);
    },
    placeOf(waiterId) {
      const own = waiting.find((entry) => entry.waiter.id === waiterId);
      if (own === undefined) return null;
      const line = waiting.filter((entry) => entry.waiter.kind === own.waiter.kind);
      return { place: line.indexOf(own) + 1, waiting: line.length };
    },
    inFlight: leases.inFlight,
    setNodes(nodes) {
      leases.setNodes(nodes);
      dispatch();
    },
  };
}

interface Leases {
  /** Undefined when no node has a free slot for it. */
  readonly grant: (waiter: Waiter) => Lease | undefined;
  /** False when it had been given back already. */
  readonly giveBack: (lease: Lease) => boolean;
  readonly inFlight: (nodeId: string, kind: WorkKind) => number;
  readonly setNodes: (nodes: readonly NodeCapacity[]) => void;
}

function createLeases(policy: () => BalancingPolicy): Leases {
  const held = new Map<string, Lease>();
  let nodes: readonly NodeCapacity[] = [];
  let granted = 0;

  const inFlight = (nodeId: string, kind: WorkKind): number =>
    [...held.values()].filter((lease) => lease.nodeId === nodeId && lease.kind === kind).length;

  return {
    inFlight,
    grant(waiter) {
      // Starting one further each time spreads equal nodes evenly.
      const turn = nodes.length === 0 ? 0 : granted % nodes.length;
      const rotated = [...nodes.slice(turn), ...nodes.slice(0, turn)];
      const node = nodeFor(waiter, rotated, inFlight, policy());
      if (node === undefined) return undefined;
      granted += 1;
      const lease = { id: `lease-${String(granted)}`, nodeId: node.id, kind: waiter.kind };
      held.set(lease.id, lease);
      return lease;
    },
    giveBack: (lease) => held.delete(lease.id),
    setNodes(next) {
      nodes = next;
    },
  };
}
