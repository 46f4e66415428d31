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

/** Where a restore puts originals back under the keys that they had. */
export interface OriginalsShelf {
  holds(key: string, sha256: string): Promise<boolean>;
  open(key: string): AsyncIterable<Uint8Array>;
  /**
   * Leaves alone what is there already under this key with this content; else the file is whole and on the disk when it resolves.
   * @throws AppError `disk_full`, or `backup_damaged` when the content is not what `sha256` says.
   */
  add(key: string, sha256: string, content: () => AsyncIterable<Uint8Array>): Promise<void>;
}
