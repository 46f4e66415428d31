import { busyAfterAbort, type Rates } from "./core/balancing/rates.ts";
import { sameModel } from "./core/balancing/node-view.ts";
import { AppError, isAppError } from "./core/errors/app-error.ts";
import { emptyRetryBudget, withCall, withRetry } from "./core/resilience/retry-budget.ts";
import type { WorkClass, WorkKind } from "./core/scheduling/work-class.ts";
import type { Milliseconds } from "./core/time/milliseconds.ts";
import type { Clock } from "./ports/clock.ts";
import type { ModelNode } from "./ports/model-node.ts";
import type { Lease, SlotLedger, Waiter } from "./ports/slot-ledger.ts";
import type { NodeEntry, NodeRegistry } from "./services/node-registry.ts";

/** Who asks, how urgent it is and until when: part of every call of a model. */
export interface ModelCall {
  readonly class: WorkClass;
  /** Fairness counts per client: a person's id, a key, `ingest`. */
  readonly client: string;
  /** Absolute, on `Clock.now()`. */
  readonly deadline: Milliseconds;
  readonly signal: AbortSignal;
}

export interface Work extends ModelCall {
  readonly kind: WorkKind;
  readonly model: string;
  readonly estimatedPromptTokens: number;
}

export interface QueuedEvent {
  readonly type: "queued";
  /** From 1. */
  readonly place: number;
  readonly expectedMs: number;
}

/** What an attempt may know of where it runs. */
export interface AttemptContext {
  readonly nodeId: string;
  /** From 1; each one gives a slow node more time. */
  readonly attempt: number;
  readonly rates: Rates;
  /** Ends the attempt: the caller's signal and the deadline. */
  readonly signal: AbortSignal;
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

/** Returns the failure when the request may go to another node: it failed here before its first item. */
async function* runUnderLease<T>(
  { clock, ledger, registry }: LoadBalancerDeps,
  { work, signal }: Request,
  lease: Lease,
  attempt: (node: ModelNode, context: Omit<AttemptContext, "attempt">) => AsyncGenerator<T, void>,
): AsyncGenerator<T, AppError | null> {
  const { nodeId } = lease;
  const rates = registry.rates(nodeId, work.model);
  const startedAt = clock.now();
  let state: "prefill" | "streaming" | "over" = "prefill";
  try {
    const entry = registry.entry(nodeId);
    if (entry === undefined) throw new AppError("node_failed", { nodeId, reason: "removed" });
    for await (const item of attempt(entry.node, { nodeId, rates, signal })) {
      state = "streaming";
      yield item;
    }
    state = "over";
    registry.reportCall(nodeId, "succeeded");
    return null;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const began = state === "streaming";
    state = "over";
    const failure = recordFailure(registry, nodeId, work.model, error);
    if (failure === null || began) throw error;
    return failure;
  } finally {
    const aborted = state === "prefill" && work.kind === "chat";
    const elapsedMs = clock.now() - startedAt;
    ledger.release(
      lease,
      aborted ? busyAfterAbort(work.estimatedPromptTokens, elapsedMs, rates) : 0,
    );
  }
}

/** `null` when the error says nothing about the node: another node would answer the same. */
function recordFailure(
  registry: NodeRegistry,
  nodeId: string,
  model: string,
  error: unknown,
): AppError | null {
  if (isAppError(error, "node_failed")) {
    registry.reportCall(nodeId, error.details.reason === "refused" ? "refused" : "failed");
    return error;
  }
  if (isAppError(error, "model_not_found")) {
    const installed = registry.entry(nodeId)?.installed ?? [];
    registry.update(nodeId, {
      installed: installed.filter((entry) => !sameModel(entry.name, model)),
    });
    return error;
  }
  return null;
}
