import { AppError } from "../core/errors/app-error.ts";
import {
  judgeSilence,
  type AttemptLimits,
  type SilenceVerdict,
} from "../core/resilience/attempt-limits.ts";
import type { Clock } from "../ports/clock.ts";

/** What the watch may ask about the node of the attempt. */
export interface AttemptSurroundings {
  /** The node's own answer, asked now. */
  readonly ask: () => Promise<{
    readonly version: "answers" | "silent" | "refused";
    readonly isResident: boolean | null;
  }>;
  readonly isLoading: () => boolean;
  readonly hasOther: () => boolean;
  /** Aborts when the node is lost. */
  readonly lost: AbortSignal;
}

export interface WatchedAttempt<T> {
  readonly nodeId: string;
  readonly limits: AttemptLimits;
  readonly surroundings: AttemptSurroundings;
  /** Runs the attempt; the signal ends it. */
  readonly run: (signal: AbortSignal) => AsyncGenerator<T, void>;
}

const stepMs = 250;
const betweenQuestionsMs = 1000;

/**
 * The items of an attempt for as long as its node lives. Silence counts only while an item is awaited. When the node is lost or judged
 * dead the attempt ends at once with `node_failed`, and nothing that still arrives of it is passed on.
 * @throws what the attempt throws; the reason of `signal` when that aborts
 */
export async function* watchAttempt<T>(
  clock: Clock,
  attempt: WatchedAttempt<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void> {
  const ending = new AbortController();
  const awaited: { reject: (reason: unknown) => void } = { reject: () => undefined };
  const giveUp = (reason: unknown): void => {
    if (ending.signal.aborted) return;
    awaited.reject(reason);
    ending.abort(reason);
  };
  const { lost } = attempt.surroundings;
  const onLost = (): void => {
    giveUp(lost.reason);
  };
  const onLeave = (): void => {
    giveUp(signal.reason);
  };
  if (lost.aborted) throw lost.reason;
  lost.addEventListener("abort", onLost, { once: true });
  signal.addEventListener("abort", onLeave, { once: true });
  const items = attempt.run(ending.signal);
  const pace = { awaitedSince: null as number | null, isFirst: true };
  const watching = watchSilence(clock, attempt, pace, giveUp, ending.signal);
  try {
    signal.throwIfAborted();
    for (;;) {
      pace.awaitedSince = clock.now();
      // No race with one promise for all items: that would hold every item until the attempt ends.
      const next = await new Promise<IteratorResult<T, void>>((resolve, reject) => {
        awaited.reject = reject;
        ending.signal.throwIfAborted();
        items.next().then(resolve, reject);
      });
      pace.awaitedSince = null;
      if (next.done === true) return;
      pace.isFirst = false;
      yield next.value;
    }
  } finally {
    lost.removeEventListener("abort", onLost);
    signal.removeEventListener("abort", onLeave);
    ending.abort(new Error("the attempt is over"));
    // Not awaited: an attempt that does not let go must not hold the request.
    items.return().catch(() => undefined);
    void watching;
  }
}

async function watchSilence<T>(
  clock: Clock,
  { nodeId, limits, surroundings }: WatchedAttempt<T>,
  pace: { readonly awaitedSince: number | null; readonly isFirst: boolean },
  giveUp: (reason: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    while (!signal.aborted) {
      const { awaitedSince, isFirst } = pace;
      const suspectMs = isFirst ? limits.suspectFirstMs : limits.suspectNextMs;
      const silentMs = awaitedSince === null ? 0 : clock.now() - awaitedSince;
      if (silentMs < suspectMs) {
        // The first item may come meanwhile: silence after it is suspicious sooner than before.
        const waitMs = Math.min(suspectMs - silentMs, limits.suspectNextMs);
        await clock.sleep(Math.max(waitMs, stepMs), signal);
        continue;
      }
      const answer = await surroundings.ask();
      // An item that came meanwhile has answered for the node.
      if (pace.awaitedSince !== awaitedSince || awaitedSince === null) continue;
      const verdict: SilenceVerdict = judgeSilence({
        ...answer,
        silentMs: clock.now() - awaitedSince,
        isFirst,
        limits,
        isLoading: surroundings.isLoading(),
        hasOther: surroundings.hasOther(),
      });
      if (verdict !== "wait") {
        giveUp(new AppError("node_failed", { nodeId, reason: verdict }));
        return;
      }
      await clock.sleep(betweenQuestionsMs, signal);
    }
  } catch {
    // The attempt is over.
  }
}
