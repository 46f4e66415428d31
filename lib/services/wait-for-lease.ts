import { noPrefix } from "../core/scheduling/prefix-chain.ts";
import type { AcceptedWork, QueuedEvent } from "../core/scheduling/work.ts";
import type { Clock } from "../ports/clock.ts";
import type { Lease, SlotLedger, Waiter } from "../ports/slot-ledger.ts";
import { releaseUnread } from "./release-unread.ts";

export interface WaitForLeaseDeps {
  readonly ledger: SlotLedger;
  readonly clock: Clock;
}

// Shorter waits are not worth a word to the person.
const untoldWaitMs = 400;
const retellEveryMs = 1000;
// People are told whole seconds, rounded up: sooner than said is no disappointment.
const toldStepMs = 1000;
// Told while no node serves the request: nobody knows when one comes back.
const assumedCallMs = 4000;

/**
 * Waits in the admission queue until a slot pulls the request, and tells place and expected wait meanwhile. Leaving early leaves the queue.
 * @throws the signal's reason; AppError `cluster_saturated`
 */
export async function* waitForLease(
  { clock, ledger }: WaitForLeaseDeps,
  request: AcceptedWork,
  avoidNodeIds: readonly string[],
): AsyncGenerator<QueuedEvent, Lease> {
  const leaving = new AbortController();
  const acquiring = ledger.acquire(
    waiterOf(request, avoidNodeIds),
    AbortSignal.any([request.signal, leaving.signal]),
  );
  let taken = false;
  const giveBack = (): void => {
    acquiring.then(
      (lease) => {
        if (!taken) ledger.release(lease);
      },
      () => undefined,
    );
  };
  const noLongerHeld = releaseUnread(clock, request.signal, giveBack);
  try {
    for (let waitMs = untoldWaitMs; ; waitMs = retellEveryMs) {
      const lease = await soonerOf(acquiring, clock, waitMs);
      if (lease !== null) {
        request.signal.throwIfAborted();
        taken = true;
        return lease;
      }
      const waiting = ledger.placeOf(request.id);
      const place = waiting?.place ?? 1;
      const expectedMs = waiting?.expectedMs ?? place * assumedCallMs;
      yield { type: "queued", place, expectedMs: Math.ceil(expectedMs / toldStepMs) * toldStepMs };
    }
  } finally {
    noLongerHeld();
    // The reader left: out of the queue, and a lease that was granted in the same moment goes back.
    if (!taken) {
      leaving.abort();
      giveBack();
    }
  }
}

const waiterOf = ({ id, since, work }: AcceptedWork, avoidNodeIds: readonly string[]): Waiter => ({
  id,
  since,
  avoidNodeIds,
  class: work.class,
  kind: work.kind,
  model: work.model,
  client: work.client,
  promptTokens: work.estimatedPromptTokens,
  outputTokens: work.estimatedOutputTokens ?? 0,
  prefix: work.prefix ?? noPrefix,
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
