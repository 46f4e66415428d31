import { busyAfterAbort, type Rates } from "./core/balancing/rates.ts";
import { sameModel } from "./core/balancing/node-view.ts";
import { AppError, isAppError } from "./core/errors/app-error.ts";
import { emptyRetryBudget, withCall, withRetry } from "./core/resilience/retry-budget.ts";
import type { WorkClass, WorkKind } from "./core/scheduling/work-class.ts";
import type { Milliseconds } from "./core/time/milliseconds.ts";
import type { Clock } from "./ports/clock.ts";
import type { ModelNode } from "./ports/model-node.ts";
import type { Lease, SlotLedger, Waiter } from "./ports/slot-ledger.ts";
import type { NodeRegistry } from "./services/node-registry.ts";

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

export function createLoadBalancer(deps: LoadBalancerDeps): LoadBalancer {
  const { clock, ledger, registry } = deps;
  let budget = emptyRetryBudget;
  let accepted = 0;
  let meanCallMs = assumedCallMs;

  const expectedWait = (place: number, model: string): number => {
    const slots = registry
      .entries()
      .filter((entry) => entry.installed?.some((other) => sameModel(other.name, model)) ?? false)
      .reduce((sum, entry) => sum + entry.slots, 0);
    return Math.round((place * meanCallMs) / Math.max(slots, 1));
  };

  async function* waitForLease(
    request: Request,
    avoidNodeIds: readonly string[],
  ): AsyncGenerator<QueuedEvent, Lease> {
    const { work, signal } = request;
    const leaving = new AbortController();
    const acquiring = ledger.acquire(
      waiterOf(request, avoidNodeIds),
      AbortSignal.any([signal, leaving.signal]),
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
        yield { type: "queued", place, expectedMs: expectedWait(place, work.model) };
      }
    } finally {
      if (!taken) {
        // The reader left: out of the queue, and a lease that was granted in the same moment goes back.
        leaving.abort();
        acquiring.then(ledger.release, () => undefined);
      }
    }
  }

  const assertModelKnown = (model: string): void => {
    const known = registry.entries().filter((entry) => entry.installed !== null);
    if (known.length === 0 || known.length < registry.entries().length) return;
    const has = known.some((entry) =>
      entry.installed?.some((installed) => sameModel(installed.name, model)),
    );
    if (!has) throw new AppError("model_not_found", { model });
  };

  return {
    async *run(work, attempt) {
      accepted += 1;
      budget = withCall(budget, clock.now());
      const signal = AbortSignal.any([
        work.signal,
        clock.timeout(Math.max(work.deadline - clock.now(), 0)),
      ]);
      const request: Request = { id: `work-${String(accepted)}`, since: clock.now(), work, signal };
      let avoidNodeIds: readonly string[] = [];
      for (;;) {
        assertModelKnown(work.model);
        // Every node failed it: none is avoided any longer, ejections keep it from going round in circles.
        if (avoidNodeIds.length >= registry.entries().length) avoidNodeIds = [];
        const lease = yield* waitForLease(request, avoidNodeIds);
        const startedAt = clock.now();
        const failure = yield* runUnderLease(deps, request, lease, attempt);
        if (failure === null) {
          meanCallMs += 0.2 * (clock.now() - startedAt - meanCallMs);
          return;
        }
        avoidNodeIds = [...avoidNodeIds, lease.nodeId];
        const granted = withRetry(budget, clock.now());
        if (granted === null) await clock.sleep(overBudgetPauseMs, signal);
        else budget = granted;
      }
    },
  };
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
  attempt: (node: ModelNode, context: AttemptContext) => AsyncGenerator<T, void>,
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
