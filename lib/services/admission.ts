import { AppError } from "../core/errors/app-error.ts";
import { decideAdmission } from "../core/scheduling/admission.ts";
import {
  fullBucket,
  untilThere,
  withSpent,
  type TokenBucket,
} from "../core/scheduling/token-bucket.ts";
import type { ClassRules, WorkClass } from "../core/scheduling/work-class.ts";
import type { Milliseconds } from "../core/time/milliseconds.ts";
import type { Clock } from "../ports/clock.ts";
import type { SlotLedger } from "../ports/slot-ledger.ts";

/** The door of the cluster: a request is let in, or refused at once with the time after which it is worth another try. */
export interface Admission {
  /** @throws AppError `rate_limited` for this client's own doing; `cluster_saturated` when everyone has to wait too long */
  admit(request: {
    readonly class: WorkClass;
    readonly client: string;
    readonly deadline: Milliseconds;
    /** Requests of the class that were let in and have not ended: some of them have not come to the queue yet. */
    readonly underWay: number;
  }): void;
  /** What the client's work cost in the end. */
  spent(client: string, tokens: number): void;
}

/** Per minute; 0 = no limit. */
export interface RateLimits {
  readonly requestsPerMinute: number;
  readonly tokensPerMinute: number;
  /** All agents together. */
  readonly agentRequestsPerMinute: number;
}

export interface AdmissionDeps {
  readonly ledger: Pick<SlotLedger, "tailMs" | "waiting" | "runningOf">;
  readonly clock: Clock;
  /** Asked at each request. */
  readonly limits: () => RateLimits;
  readonly rules: () => ClassRules;
}

const everyAgent = "every agent";
// Alone on a machine there is nobody to protect from oneself.
const companyMs = 600_000;

export function createAdmission(deps: AdmissionDeps): Admission {
  const { ledger, clock, limits } = deps;
  const requests = createBuckets(clock);
  const tokens = createBuckets(clock);
  const lastSeen = new Map<string, Milliseconds>();

  const isAlone = (client: string): boolean => {
    const now = clock.now();
    for (const [other, at] of lastSeen) {
      if (now - at > companyMs) lastSeen.delete(other);
      else if (other !== client) return false;
    }
    return true;
  };
  const assertRate = (workClass: WorkClass, client: string): void => {
    const { requestsPerMinute, tokensPerMinute, agentRequestsPerMinute } = limits();
    const isAgent = workClass.startsWith("agent");
    lastSeen.set(client, clock.now());
    if (!isAgent && isAlone(client)) return;
    const waits = [
      requests.untilMs(client, 1, requestsPerMinute),
      tokens.untilMs(client, 1, tokensPerMinute),
      isAgent ? requests.untilMs(everyAgent, 1, agentRequestsPerMinute) : 0,
    ];
    const retryAfterMs = Math.max(...waits);
    if (retryAfterMs > 0) throw new AppError("rate_limited", { retryAfterMs });
    requests.spend(client, 1, requestsPerMinute);
    if (isAgent) requests.spend(everyAgent, 1, agentRequestsPerMinute);
  };

  return {
    admit({ class: workClass, client, deadline, underWay }) {
      const line = ledger
        .waiting()
        .filter((waiter) => waiter.kind === "chat" && waiter.class === workClass);
      const onTheWay = Math.max(underWay - line.length - ledger.runningOf("chat", workClass), 0);
      const decision = decideAdmission({
        expectedMs: ledger.tailMs("chat", workClass, onTheWay),
        longestWaitMs: deps.rules()[workClass].longestWaitMs,
        untilDeadlineMs: deadline - clock.now(),
        waiting: line.length,
        ownWaiting: line.filter((waiter) => waiter.client === client).length,
      });
      if (decision.kind === "accepted") {
        assertRate(workClass, client);
        return;
      }
      const { retryAfterMs, because } = decision;
      throw because === "client"
        ? new AppError("rate_limited", { retryAfterMs })
        : new AppError("cluster_saturated", { retryAfterMs, queueDepth: line.length });
    },
    spent(client, amount) {
      tokens.spend(client, amount, limits().tokensPerMinute);
    },
  };
}

interface Buckets {
  readonly untilMs: (client: string, amount: number, perMinute: number) => number;
  readonly spend: (client: string, amount: number, perMinute: number) => void;
}

const mostBuckets = 10_000;

/** One bucket a client; the one used longest ago is forgotten first. */
function createBuckets(clock: Clock): Buckets {
  const buckets = new Map<string, TokenBucket>();
  const bucketOf = (client: string, perMinute: number): TokenBucket =>
    buckets.get(client) ?? fullBucket(perMinute, clock.now());
  return {
    untilMs: (client, amount, perMinute) =>
      perMinute === 0 ? 0 : untilThere(bucketOf(client, perMinute), amount, perMinute, clock.now()),
    spend(client, amount, perMinute) {
      if (perMinute === 0) return;
      const spent = withSpent(bucketOf(client, perMinute), amount, perMinute, clock.now());
      buckets.delete(client);
      buckets.set(client, spent);
      for (const oldest of buckets.keys()) {
        if (buckets.size <= mostBuckets) break;
        buckets.delete(oldest);
      }
    },
  };
}
