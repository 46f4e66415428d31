/** Kinds of work, the most urgent first. */
export const workClasses = [
  "interactive",
  "agent-high",
  "agent-medium",
  "agent-low",
  "ingest",
  "prewarm",
] as const;

export type WorkClass = (typeof workClasses)[number];

export interface ClassRule {
  /** Share of the cluster among the classes that want work done. */
  readonly weight: number;
  /** How long a class with waiters may get no slot at all, ms. */
  readonly starvationMs: number;
  /** Predicted wait beyond which a new request is refused, ms. */
  readonly longestWaitMs: number;
  /** A request that has waited very long moves up. */
  readonly agesUp: boolean;
}

export type ClassRules = Readonly<Record<WorkClass, ClassRule>>;

/** Figures of DESIGN.md section 4; bulk work comes from queues of its own, which hold it as long as it takes. */
export const classRules: ClassRules = {
  interactive: { weight: 8, starvationMs: 5000, longestWaitMs: 60_000, agesUp: true },
  "agent-high": { weight: 4, starvationMs: 5000, longestWaitMs: 60_000, agesUp: true },
  "agent-medium": { weight: 2, starvationMs: 15_000, longestWaitMs: 120_000, agesUp: true },
  "agent-low": { weight: 1, starvationMs: 30_000, longestWaitMs: 240_000, agesUp: true },
  ingest: { weight: 1, starvationMs: 60_000, longestWaitMs: Infinity, agesUp: true },
  prewarm: { weight: 0.25, starvationMs: Infinity, longestWaitMs: Infinity, agesUp: false },
};

/** Bulk work never delays a person by more than one short batch. */
export const isBulk = (workClass: WorkClass): boolean =>
  workClass === "ingest" || workClass === "prewarm";

export const workKinds = ["chat", "embedding"] as const;

export type WorkKind = (typeof workKinds)[number];
