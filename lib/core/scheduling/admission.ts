/** What a new request would find. */
export interface AdmissionView {
  /** Predicted wait at the end of its class's line, ms; `null` while no node takes work: then the queue holds everyone. */
  readonly expectedMs: number | null;
  /** Longest wait of its class, and the time until its deadline, ms. */
  readonly longestWaitMs: number;
  readonly untilDeadlineMs: number;
  /** Waiting in its class, and those of them that are the client's own. */
  readonly waiting: number;
  readonly ownWaiting: number;
}

export type AdmissionDecision =
  | { readonly kind: "accepted" }
  | {
      readonly kind: "refused";
      /** `client`: its own requests fill the line. `everyone`: the cluster is full. */
      readonly because: "client" | "everyone";
      readonly retryAfterMs: number;
    };

const shortestRetryMs = 1000;
const ownShare = 0.5;

/** Refuses at once what could not be served in time anyway. */
export function decideAdmission(view: AdmissionView): AdmissionDecision {
  const limitMs = Math.min(view.longestWaitMs, view.untilDeadlineMs);
  if (view.expectedMs === null || view.expectedMs <= limitMs) return { kind: "accepted" };
  const because = view.ownWaiting > view.waiting * ownShare ? "client" : "everyone";
  const retryAfterMs = Math.max(Math.round(view.expectedMs - limitMs), shortestRetryMs);
  return { kind: "refused", because, retryAfterMs };
}
