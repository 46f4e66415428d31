import { sameModel } from "./core/balancing/node-view.ts";
import { AppError } from "./core/errors/app-error.ts";
import { emptyRetryBudget, withCall, withRetry } from "./core/resilience/retry-budget.ts";
import type { AcceptedWork, QueuedEvent, Work } from "./core/scheduling/work.ts";
import type { Clock } from "./ports/clock.ts";
import type { ModelNode } from "./ports/model-node.ts";
import type { SlotLedger } from "./ports/slot-ledger.ts";
import type { NodeEntry, NodeRegistry } from "./services/node-registry.ts";
import { runUnderLease, type AttemptContext } from "./services/run-under-lease.ts";
import { waitForLease } from "./services/wait-for-lease.ts";

export type { ModelCall, QueuedEvent, Work } from "./core/scheduling/work.ts";
export type { AttemptContext } from "./services/run-under-lease.ts";

export interface LoadBalancer {
  /**
   * Waits for a slot, runs the attempt on a node under a lease and, when the node fails before the first item, goes to another one.
   * Leaving early cancels the attempt.
   * @throws AppError `deadline_exceeded`, `cluster_saturated`, `model_not_found`; `node_failed` only after the first item;
   *   what the attempt throws otherwise, e.g. `context_exceeded`
   */
  run<T>(
    work: Work,
    attempt: (node: ModelNode, context: AttemptContext) => AsyncGenerator<T, void>,
  ): AsyncGenerator<T | QueuedEvent, void>;
}

export interface LoadBalancerDeps {
  readonly ledger: SlotLedger;
  readonly registry: NodeRegistry;
  readonly clock: Clock;
}

const overBudgetPauseMs = 1000;

export function createLoadBalancer(deps: LoadBalancerDeps): LoadBalancer {
  const { clock, registry } = deps;
  let budget = emptyRetryBudget;
  let accepted = 0;

  const accept = (work: Work): AcceptedWork => {
    accepted += 1;
    const since = clock.now();
    budget = withCall(budget, since);
    const deadline = clock.timeout(Math.max(work.deadline - since, 0));
    const signal = AbortSignal.any([work.signal, deadline]);
    return { id: `work-${String(accepted)}`, since, work, signal };
  };

  return {
    async *run(work, attempt) {
      const request = accept(work);
      let avoidNodeIds: readonly string[] = [];
      for (let attemptNumber = 1; ; attemptNumber += 1) {
        assertModelKnown(registry, work.model);
        const lease = yield* waitForLease(deps, request, avoidNodeIds);
        const failure = yield* runUnderLease(deps, request, lease, (node, context) =>
          attempt(node, { ...context, attempt: attemptNumber }),
        );
        if (failure === null) return;
        avoidNodeIds = [...avoidNodeIds, lease.nodeId];
        const granted = withRetry(budget, clock.now());
        if (granted === null) await clock.sleep(overBudgetPauseMs, request.signal);
        else budget = granted;
      }
    },
  };
}

/** Throws when every node is known and none has the model: waiting would not help. */
function assertModelKnown(registry: NodeRegistry, model: string): void {
  const entries = registry.entries();
  if (entries.length === 0 || entries.some((entry) => entry.installed === null)) return;
  if (!entries.some((entry) => hasModel(entry, model)))
    throw new AppError("model_not_found", { model });
}

const hasModel = (entry: NodeEntry, model: string): boolean =>
  entry.installed?.some((installed) => sameModel(installed.name, model)) ?? false;
