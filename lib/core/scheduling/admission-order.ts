import type { Milliseconds } from "../time/milliseconds.ts";
import { workClasses, type WorkClass } from "./work-class.ts";

/** What the queue knows of a waiting request; small enough to be shared between replicas. */
export interface WaiterSummary {
  readonly class: WorkClass;
  /** When the request was accepted; a retry keeps it, so that it does not start again at the end. */
  readonly since: Milliseconds;
}

/** Class first, then age: negative when `one` is served before `other`. */
export function compareWaiters(one: WaiterSummary, other: WaiterSummary): number {
  const byClass = workClasses.indexOf(one.class) - workClasses.indexOf(other.class);
  return byClass !== 0 ? byClass : one.since - other.since;
}
