/** Kinds of work in the order in which waiting ones are served. */
export const workClasses = [
  "interactive",
  "agent-high",
  "agent-medium",
  "agent-low",
  "ingest",
  "prewarm",
] as const;

export type WorkClass = (typeof workClasses)[number];

/** Bulk work never delays a person by more than one short batch. */
export const isBulk = (workClass: WorkClass): boolean =>
  workClass === "ingest" || workClass === "prewarm";

export type WorkKind = "chat" | "embedding";
