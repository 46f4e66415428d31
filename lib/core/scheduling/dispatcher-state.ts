import type { ClassShares } from "./class-shares.ts";
import type { ClientCounters } from "./client-counters.ts";
import type { ClusterView } from "./cluster-view.ts";
import type { HeldLease } from "./leases.ts";
import type { Newcomers } from "./newcomers.ts";
import type { WaitingLists } from "./waiting-lists.ts";
import type { WorkClass, WorkKind } from "./work-class.ts";

/** What the dispatcher knows, for decisions, forecasts and reports. */
export interface DispatcherState {
  readonly lists: WaitingLists;
  readonly leases: ReadonlyMap<string, HeldLease>;
  readonly view: ClusterView;
  readonly shares: (kind: WorkKind) => ClassShares;
  readonly newcomers: (kind: WorkKind) => Newcomers;
  readonly isHeld: (workClass: WorkClass) => boolean;
  readonly clients: (kind: WorkKind, workClass: WorkClass) => ClientCounters;
}

/** A decision looks at so many waiters of a class. */
export const scanLimit = 200;
