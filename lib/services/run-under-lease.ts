import { sameModel } from "../core/balancing/node-view.ts";
import { busyAfterAbort, type Rates } from "../core/balancing/rates.ts";
import { AppError, isAppError } from "../core/errors/app-error.ts";
import { takesWork } from "../core/health/node-health.ts";
import { attemptLimits, type AttemptPatience } from "../core/resilience/attempt-limits.ts";
import type { AcceptedWork, Work } from "../core/scheduling/work.ts";
import type { Milliseconds } from "../core/time/milliseconds.ts";
import type { Clock } from "../ports/clock.ts";
import type { ModelNode, NodeUsage } from "../ports/model-node.ts";
import type { Lease, SlotLedger } from "../ports/slot-ledger.ts";
import type { OpenCall } from "./call-records.ts";
import type { HealthMonitor } from "./health-monitor.ts";
import type { ModelLoader } from "./model-loader.ts";
import type { NodeEntry, NodeRegistry } from "./node-registry.ts";
import { releaseUnread } from "./release-unread.ts";
import { watchAttempt } from "./watch-attempt.ts";

/** What an attempt may know of where it runs. */
export interface AttemptContext {
  readonly nodeId: string;
  /** From 1; each one gives a slow node more time. */
  readonly attempt: number;
  readonly rates: Rates;
  /** Ends the attempt: the caller's signal, the deadline, or the loss of the node. */
  readonly signal: AbortSignal;
  /** Hands in what the node counted and timed. */
  readonly used: (usage: NodeUsage) => void;
}

export type Attempt<T> = (node: ModelNode, context: AttemptContext) => AsyncGenerator<T, void>;

export interface RunUnderLeaseDeps {
  readonly ledger: SlotLedger;
  readonly registry: NodeRegistry;
  readonly clock: Clock;
  readonly loader: Pick<ModelLoader, "load" | "loading">;
  readonly monitor: Pick<HealthMonitor, "control">;
  /** Asked at each attempt. */
  readonly patience?: () => AttemptPatience;
}

export interface RunningRequest extends Pick<AcceptedWork, "work" | "signal"> {
  /** From 1. */
  readonly attempt: number;
  readonly call: OpenCall;
}

/**
 * Runs one attempt under its lease. Returns the failure when the request may go to another node: it failed here before its first item;
 * `yielded` when it gave its slot to a person.
 */
export async function* runUnderLease<T>(
  deps: RunUnderLeaseDeps,
  request: RunningRequest,
  lease: Lease,
  attempt: Attempt<T>,
): AsyncGenerator<T, AppError | "yielded" | null> {
  const { registry } = deps;
  const { work, signal, call } = request;
  const { nodeId } = lease;
  call.granted(nodeId, lease.predictedFirstTokenMs);
  const stay = createStay(deps, work, lease);
  const entry = registry.entry(nodeId);
  const ends = AbortSignal.any([signal, ...(entry === undefined ? [] : [entry.lost])]);
  const noLongerHeld = releaseUnread(deps.clock, ends, () => {
    stay.release();
  });
  try {
    if (entry === undefined) throw new AppError("node_failed", { nodeId, reason: "removed" });
    await makeResident(deps, entry, work, signal);
    stay.sent();
    for await (const item of watchAttempt(
      deps.clock,
      watched(deps, request, entry, attempt, (usage) => {
        stay.counted(usage);
      }),
      AbortSignal.any([signal, lease.yields]),
    )) {
      if (lease.yields.aborted && !stay.hasBegun()) return "yielded";
      if (stay.came()) {
        call.began();
        deps.ledger.begun(lease);
      }
      yield item;
    }
    stay.over(false, false);
    registry.reportCall(nodeId, "succeeded");
    return null;
  } catch (error) {
    return afterFailure(deps, request, lease, stay, error);
  } finally {
    noLongerHeld();
    stay.release();
  }
}

/** What the request may do next; throws what its caller has to hear. */
function afterFailure(
  { registry, monitor }: RunUnderLeaseDeps,
  { work, signal, call }: RunningRequest,
  { nodeId, yields }: Lease,
  stay: ReturnType<typeof createStay>,
  error: unknown,
): AppError | "yielded" {
  if (signal.aborted) throw signal.reason;
  const began = stay.hasBegun();
  if (yields.aborted && !began) return "yielded";
  const failure = recordFailure(registry, nodeId, work.model, error);
  // Its process may be gone: asked now, it is known before the next request is sent there.
  if (failure !== null && reasonOf(failure) === "cut") void monitor.control(nodeId);
  // A node that is merely too slow goes on working on it: its slot stays taken as after an abort.
  stay.over(failure !== null, isSilent(error));
  if (failure === null) throw error;
  call.failedOn(nodeId, reasonOf(failure));
  if (began) throw error;
  return failure;
}

/** A request's time on a node, from the lease to its end. */
function createStay({ clock, ledger, registry }: RunUnderLeaseDeps, work: Work, lease: Lease) {
  const leasedAt = clock.now();
  let sentAt: Milliseconds | null = null;
  let firstItemMs: number | null = null;
  let isOver = false;
  let failed = false;
  let used: NodeUsage | null = null;
  const isPrefilling = (): boolean =>
    !isOver && firstItemMs === null && sentAt !== null && work.kind === "chat";
  return {
    sent(): void {
      sentAt = clock.now();
    },
    /** True for the first item. */
    came(): boolean {
      const isFirst = firstItemMs === null;
      firstItemMs ??= clock.now() - leasedAt;
      return isFirst;
    },
    hasBegun: (): boolean => firstItemMs !== null,
    counted(usage: NodeUsage): void {
      used = usage;
    },
    over(hasFailed: boolean, worksOn: boolean): void {
      isOver = !worksOn;
      failed = hasFailed;
    },
    /** An abandoned prefill keeps its slot for as long as the node goes on working on it. */
    release(): void {
      const elapsedMs = clock.now() - (sentAt ?? clock.now());
      const rates = registry.rates(lease.nodeId, work.model);
      ledger.release(lease, {
        bookedMs: isPrefilling() ? busyAfterAbort(work.estimatedPromptTokens, elapsedMs, rates) : 0,
        failed,
        ...(used === null
          ? {}
          : { counted: { promptTokens: used.promptTokens, outputTokens: used.completionTokens } }),
        ...(firstItemMs === null ? {} : { firstItemMs }),
      });
    },
  };
}

const isSilent = (error: unknown): boolean =>
  isAppError(error, "node_failed") && error.details.reason === "silent";

const reasonOf = (failure: AppError): string =>
  isAppError(failure, "node_failed") ? failure.details.reason : failure.code;

/** A cold load is Drover's own call: on a person's connection it would end with that. */
async function makeResident(
  { loader }: RunUnderLeaseDeps,
  entry: NodeEntry,
  { model }: Work,
  signal: AbortSignal,
): Promise<void> {
  if (entry.loaded === null || entry.loaded.some(({ name }) => sameModel(name, model))) return;
  await loader.load(entry.node.id, model, AbortSignal.any([signal, entry.lost]));
}

function watched<T>(
  { registry, loader, monitor, patience }: RunUnderLeaseDeps,
  { work, attempt: attemptNumber, call }: RunningRequest,
  entry: NodeEntry,
  attempt: Attempt<T>,
  counted: (usage: NodeUsage) => void,
) {
  const { node, lost } = entry;
  const nodeId = node.id;
  const { model, kind } = work;
  const rates = registry.rates(nodeId, model);
  const used = (usage: NodeUsage): void => {
    registry.reportSpeed(nodeId, model, usage);
    call.used(usage);
    counted(usage);
  };
  return {
    nodeId,
    limits: attemptLimits(kind, work.estimatedPromptTokens, rates, attemptNumber, patience?.()),
    run: (signal: AbortSignal) =>
      attempt(node, { nodeId, attempt: attemptNumber, rates, signal, used }),
    surroundings: {
      lost,
      isLoading: () => loader.loading(nodeId) !== null,
      hasOther: () =>
        registry
          .entries()
          .some(
            (other) =>
              other.node.id !== nodeId &&
              takesWork(other.status) &&
              registry.serves(other.node.id).some((name) => sameModel(name, model)),
          ),
      async ask() {
        const { version, loaded } = await monitor.control(nodeId);
        const isResident = loaded === null ? null : loaded.some((name) => sameModel(name, model));
        return { version, isResident };
      },
    },
  };
}

/** `null` when the error says nothing about the node: another node would answer the same. */
function recordFailure(
  registry: NodeRegistry,
  nodeId: string,
  model: string,
  error: unknown,
): AppError | null {
  if (isAppError(error, "node_failed")) {
    const { reason } = error.details;
    // A node that was lost while it worked has been judged already.
    if (reason !== "unreachable" && reason !== "removed")
      registry.reportCall(nodeId, reason === "refused" ? "refused" : "failed", reason);
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
