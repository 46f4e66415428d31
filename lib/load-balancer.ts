import { sameModel } from "./core/balancing/node-view.ts";
import { AppError } from "./core/errors/app-error.ts";
import { emptyRetryBudget, withCall, withRetry } from "./core/resilience/retry-budget.ts";
import type { Milliseconds } from "./core/time/milliseconds.ts";
import type { Clock } from "./ports/clock.ts";
import type { ModelNode } from "./ports/model-node.ts";
import type { Lease, SlotLedger, Waiter } from "./ports/slot-ledger.ts";
import type { NodeEntry, NodeRegistry } from "./services/node-registry.ts";
import { runUnderLease, type AttemptContext, type Work } from "./services/run-under-lease.ts";

export type { AttemptContext, ModelCall, Work } from "./services/run-under-lease.ts";

export interface QueuedEvent {
  readonly type: "queued";
  /** From 1. */
  readonly place: number;
  readonly expectedMs: number;
}

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

// Shorter waits are not worth a word to the person.
const untoldWaitMs = 400;
const retellEveryMs = 1000;
const overBudgetPauseMs = 1000;
const assumedCallMs = 4000;
const newShare = 0.2;

export function createLoadBalancer(deps: LoadBalancerDeps): LoadBalancer {
  const { clock, registry } = deps;
  let budget = emptyRetryBudget;
  let accepted = 0;
  let meanCallMs = assumedCallMs;

  const accept = (work: Work): Request => {
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
        const lease = yield* waitForLease(deps, request, avoidNodeIds, meanCallMs);
        const startedAt = clock.now();
        const failure = yield* runUnderLease(deps, request, lease, (node, context) =>
          attempt(node, { ...context, attempt: attemptNumber }),
        );
        if (failure === null) {
          meanCallMs += newShare * (clock.now() - startedAt - meanCallMs);
          return;
        }
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

/** Time until that place is served, from the mean length of calls and the slots that serve the model. */
function expectedWait(
  registry: NodeRegistry,
  model: string,
  place: number,
  meanCallMs: number,
): number {
  const serving = registry.entries().filter((entry) => hasModel(entry, model));
  const slots = serving.reduce((sum, entry) => sum + entry.slots, 0);
  return Math.round((place * meanCallMs) / Math.max(slots, 1));
}

async function* waitForLease(
  { clock, ledger, registry }: LoadBalancerDeps,
  request: Request,
  avoidNodeIds: readonly string[],
  meanCallMs: number,
): AsyncGenerator<QueuedEvent, Lease> {
  const leaving = new AbortController();
  const acquiring = ledger.acquire(
    waiterOf(request, avoidNodeIds),
    AbortSignal.any([request.signal, leaving.signal]),
  );
  let taken = false;
  try {
    for (let waitMs = untoldWaitMs; ; waitMs = retellEveryMs) {
      const lease = await soonerOf(acquiring, clock, waitMs);
      if (lease !== null) {
        taken = true;
        return lease;
      }
      const place = ledger.placeOf(request.id)?.place ?? 1;
      const expectedMs = expectedWait(registry, request.work.model, place, meanCallMs);
      yield { type: "queued", place, expectedMs };
    }
  } finally {
    if (!taken) {
      // The reader left: out of the queue, and a lease that was granted in the same moment goes back.
      leaving.abort();
      acquiring.then(
        (lease) => {
          ledger.release(lease);
        },
        () => undefined,
      );
    }
  }
}

interface Request {
  readonly id: string;
  readonly since: Milliseconds;
  readonly work: Work;
  readonly signal: AbortSignal;
}

const waiterOf = ({ id, since, work }: Request, avoidNodeIds: readonly string[]): Waiter => ({
  id,
  since,
  avoidNodeIds,
  class: work.class,
  kind: work.kind,
  model: work.model,
  client: work.client,
  estimatedPromptTokens: work.estimatedPromptTokens,
});

/** The lease, or `null` when it has not come within `waitMs`. */
async function soonerOf(
  acquiring: Promise<Lease>,
  clock: Clock,
  waitMs: number,
): Promise<Lease | null> {
  const arrived = new AbortController();
  const late = clock.sleep(waitMs, arrived.signal).then(
    () => null,
    () => null,
  );
  try {
    return await Promise.race([acquiring, late]);
  } finally {
    arrived.abort();
  }
}
