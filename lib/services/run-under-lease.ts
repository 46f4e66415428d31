import { sameModel } from "../core/balancing/node-view.ts";
import { busyAfterAbort, type Rates } from "../core/balancing/rates.ts";
import { isAppError, AppError } from "../core/errors/app-error.ts";
import type { AcceptedWork } from "../core/scheduling/work.ts";
import type { Clock } from "../ports/clock.ts";
import type { ModelNode } from "../ports/model-node.ts";
import type { Lease, SlotLedger } from "../ports/slot-ledger.ts";
import type { NodeRegistry } from "./node-registry.ts";

/** What an attempt may know of where it runs. */
export interface AttemptContext {
  readonly nodeId: string;
  /** From 1; each one gives a slow node more time. */
  readonly attempt: number;
  readonly rates: Rates;
  /** Ends the attempt: the caller's signal and the deadline. */
  readonly signal: AbortSignal;
}

export interface RunUnderLeaseDeps {
  readonly ledger: SlotLedger;
  readonly registry: NodeRegistry;
  readonly clock: Clock;
}

/** Returns the failure when the request may go to another node: it failed here before its first item. */
export async function* runUnderLease<T>(
  { clock, ledger, registry }: RunUnderLeaseDeps,
  { work, signal }: Pick<AcceptedWork, "work" | "signal">,
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
      if (state === "prefill") ledger.begun(lease);
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
    ledger.release(lease, {
      bookedMs: aborted ? busyAfterAbort(work.estimatedPromptTokens, elapsedMs, rates) : 0,
    });
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
