import type { Readable } from "node:stream";

/** Originals, kept under random names. A person's file name is data and never a path. */
export interface FileStore {
  /** Streams to disk; throws AppError `payload_too_large` beyond `limitBytes` and leaves nothing behind on any failure. */
  put(
    content: AsyncIterable<Uint8Array>,
    limitBytes: number,
    signal: AbortSignal,
  ): Promise<{ readonly key: string; readonly bytes: number; readonly sha256: string }>;
  open(key: string): Promise<Readable>;
  /** Absolute path for a parser child that reads the file itself. */
  path(key: string): string;
  remove(key: string): Promise<void>;
  /** Keys of files that were written before `before`; what an interrupted `put` left until then is removed on the way. */
  keysBefore(before: Date): Promise<readonly string[]>;
}
