export interface DemoFile {
  readonly fileName: string;
  content(): AsyncIterable<Uint8Array>;
}

export interface DemoQuestion {
  readonly question: string;
  /** Words of the passage that answers it. */
  readonly answeredBy: string;
}

/** The documents that come with Drover, free to hand on, and questions that they answer. */
export interface DemoAssets {
  files(): Promise<readonly DemoFile[]>;
  questions(): Promise<readonly DemoQuestion[]>;
}
