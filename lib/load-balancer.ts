import { sameModel } from "./core/balancing/node-view.ts";
import type { CallOutcome } from "./core/capacity/call-history.ts";
import { AppError, isAppError } from "./core/errors/app-error.ts";
import { takesWork } from "./core/health/node-health.ts";
import { emptyRetryBudget, withCall, withRetry } from "./core/resilience/retry-budget.ts";
import type { AcceptedWork, QueuedEvent, Work } from "./core/scheduling/work.ts";
import type { CallRecords, OpenCall } from "./services/call-records.ts";
import type { NodeEntry, NodeRegistry } from "./services/node-registry.ts";
import { runUnderLease, type Attempt, type RunUnderLeaseDeps } from "./services/run-under-lease.ts";
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
  run<T>(work: Work, attempt: Attempt<T>): AsyncGenerator<T | QueuedEvent, void>;
}

export interface LoadBalancerDeps extends RunUnderLeaseDeps {
  readonly records: Pick<CallRecords, "open">;
  /** Share of the requests that may be tried again elsewhere; asked at each failure. */
  readonly retryShare?: () => number;
}

const overBudgetPauseMs = 1000;

export function createLoadBalancer(deps: LoadBalancerDeps): LoadBalancer {
  const { clock, registry } = deps;
  let budget = emptyRetryBudget;
  let accepted = 0;

  const accept = (work: Work): AcceptedWork => {
    accepted += 1;
    const now = clock.now();
    budget = withCall(budget, now);
    const deadline = clock.timeout(Math.max(work.deadline - now, 0));
    const signal = AbortSignal.any([work.signal, deadline]);
    return { id: `work-${String(accepted)}`, since: work.since ?? now, work, signal };
  };

  /** A second, or until the node that failed is out of the rotation: what is gone cannot fail the request again. */
  const pauseOverBudget = async (nodeId: string, signal: AbortSignal): Promise<void> => {
    const entry = registry.entry(nodeId);
    if (entry === undefined || !takesWork(entry.status)) return;
    try {
      await clock.sleep(overBudgetPauseMs, AbortSignal.any([signal, entry.lost]));
    } catch {
      signal.throwIfAborted();
    }
  };

  async function* untilItRuns<T>(
    request: AcceptedWork,
    attempt: Attempt<T>,
    call: OpenCall,
  ): AsyncGenerator<T | QueuedEvent, void> {
    const { work } = request;
    let avoidNodeIds = work.avoidNodeIds ?? [];
    for (let attemptNumber = 1; ; attemptNumber += 1) {
      assertModelKnown(registry, work.model);
      const waiting = waitForLease(deps, request, avoidNodeIds);
      const lease = yield* told(waiting, call);
      const running = { ...request, attempt: attemptNumber, call };
      const failure = yield* runUnderLease(deps, running, lease, attempt);
      if (failure === null) return;
      if (failure === "yielded") continue;
      avoidNodeIds = [...avoidNodeIds, lease.nodeId];
      const granted = withRetry(budget, clock.now(), deps.retryShare?.());
      if (granted === null) await pauseOverBudget(lease.nodeId, request.signal);
      else budget = granted;
    }
  }

  return {
    async *run(work, attempt) {
      const call = deps.records.open(work);
      try {
        yield* untilItRuns(accept(work), attempt, call);
        call.end("complete");
      } catch (error) {
        call.end(outcomeOf(error, work));
        throw error;
      } finally {
        // The reader left.
        call.end("cancelled");
      }
    },
  };
}

/** Notes the first wait that was told; gives what `waiting` returns. */
async function* told<L>(
  waiting: AsyncGenerator<QueuedEvent, L>,
  call: OpenCall,
): AsyncGenerator<QueuedEvent, L> {
  let step = await waiting.next();
  try {
    while (step.done !== true) {
      call.told(step.value.expectedMs);
      yield step.value;
      step = await waiting.next();
    }
    return step.value;
  } finally {
    await waiting.return(undefined as never);
  }
}

function outcomeOf(error: unknown, work: Work): CallOutcome {
  if (work.signal.aborted) return "cancelled";
  if (isAppError(error, "deadline_exceeded")) return "expired";
  if (isAppError(error, "cluster_saturated") || isAppError(error, "rate_limited")) return "refused";
  return "failed";
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
