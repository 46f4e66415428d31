/** A call of a model, as traces show it. */
export interface CallTrace {
  readonly name: string;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly queuedMs: number;
  readonly hasFailed: boolean;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** Where traces go. Adding never waits and never fails. */
export interface TraceExporter {
  add(trace: CallTrace): void;
  /** Sends what is left. */
  close(): Promise<void>;
}
