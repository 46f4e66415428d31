import type { Readable } from "node:stream";

/** One file of a followed source, as it is now. */
export interface SourceItem {
  /** Names it within its source, the same at every run. */
  readonly path: string;
  readonly fileName: string;
  /** Of its content, hex; empty when it is there and cannot be read now. */
  readonly sha256: string;
  /** @throws AppError `source_refused` with a sentence when it cannot be read now. */
  open(): Promise<Readable>;
}

export interface SourceReader {
  /** @throws AppError `source_refused` with a sentence when this may not be followed. */
  check(location: string, signal: AbortSignal): Promise<void>;
  /**
   * What is there now; nothing when the thing itself is known to be gone.
   * @throws AppError `source_refused` with a sentence when it cannot be told what is there.
   */
  items(location: string, signal: AbortSignal): AsyncIterable<SourceItem>;
  /** Whether a folder within it is there, with or without files; where a source has no folders this is absent. */
  hasFolder?(location: string, path: string): Promise<boolean>;
}
