import type { Outcome } from "./outcome.ts";
import type { StreamRequest } from "./request-stream.ts";

/** Something that stands before the nodes and is measured. */
export interface Contestant {
  readonly ask: (asked: StreamRequest, dueAt: number) => Promise<Outcome>;
  readonly close: () => Promise<void>;
}

export interface Field {
  readonly nodes: readonly string[];
  readonly slots: number;
  readonly models: readonly string[];
}
