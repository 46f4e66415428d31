import { sameModel } from "../core/balancing/node-view.ts";
import type { AcceptedWork, QueuedEvent } from "../core/scheduling/work.ts";
import type { Clock } from "../ports/clock.ts";
import type { Lease, SlotLedger, Waiter } from "../ports/slot-ledger.ts";
import type { NodeRegistry } from "./node-registry.ts";

export interface WaitForLeaseDeps {
  readonly ledger: SlotLedger;
  readonly registry: NodeRegistry;
  readonly clock: Clock;
}

// Shorter waits are not worth a word to the person.
const untoldWaitMs = 400;
const retellEveryMs = 1000;

/**
 * Waits in the admission queue until a slot pulls the request, and tells place and expected wait meanwhile. Leaving early leaves the queue.
 * @throws the signal's reason; AppError `cluster_saturated`
 */
export async function* waitForLease(
  { clock, ledger, registry }: WaitForLeaseDeps,
  request: AcceptedWork,
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

/** Time until that place is served, from the mean length of calls and the slots that serve the model. */
function expectedWait(
  registry: NodeRegistry,
  model: string,
  place: number,
  meanCallMs: number,
): number {
  const slots = registry
    .entries()
    .filter((entry) => entry.installed?.some((installed) => sameModel(installed.name, model)))
    .reduce((sum, entry) => sum + entry.slots, 0);
  return Math.round((place * meanCallMs) / Math.max(slots, 1));
}

const waiterOf = ({ id, since, work }: AcceptedWork, avoidNodeIds: readonly string[]): Waiter => ({
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
