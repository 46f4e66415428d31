import { createHash } from "node:crypto";
import { mkdir, open, readdir, rename, rm, stat, statfs, utimes } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { nodeError } from "../engine/node-error.ts";

/** Weights and other large files, each under the SHA-256 of its content. */
export interface BlobStore {
  readonly pathOf: (sha256: string) => string;
  readonly has: (sha256: string) => Promise<boolean>;
  /** Where a download of this blob grows; it stays after an abort, so that the next one goes on from there. */
  readonly partOf: (sha256: string) => Promise<string>;
  /**
   * Takes in what a client sends. Nothing is left of it when it is not what the digest says, or when the client leaves.
   *
   * @throws NodeError 400 digest mismatch, 500 disk full
   */
  readonly receive: (
    sha256: string,
    content: AsyncIterable<Uint8Array>,
    expectedBytes: number | undefined,
    signal: AbortSignal,
  ) => Promise<void>;
  /** @throws NodeError 500 when the disk has no room for so many more bytes */
  readonly requireRoom: (bytes: number) => Promise<void>;
  readonly remove: (sha256: string) => Promise<void>;
  /** Takes away what no model uses, except what is younger than an hour: its model may be on the way. */
  readonly prune: (isUsed: (sha256: string) => boolean) => Promise<void>;
}

export interface BlobStoreOptions {
  readonly modelsDir: string;
  /** Ports for tests. */
  readonly freeBytes?: (dir: string) => Promise<number>;
  readonly nowMs?: () => number;
}

const keptMs = 3_600_000;
const unfinishedKeptMs = 24 * 3_600_000;
/** Room for everything else on the disk. */
const marginBytes = 50 * 1024 * 1024;
const blobPrefix = "sha256-";

const freeBytesOfDisk = async (dir: string): Promise<number> => {
  const stats = await statfs(dir);
  return stats.bavail * stats.bsize;
};

const megabytes = (bytes: number): string => `${String(Math.ceil(bytes / 1e6))} MB`;

/** The disk may fill although there was room at the start. */
export const nameDiskFull = (error: unknown): unknown =>
  (error as NodeJS.ErrnoException | undefined)?.code === "ENOSPC"
    ? nodeError(500, "no space left on device: make room and try again")
    : error;

const removeOlder = async (dir: string, beforeMs: number, isUsed: (name: string) => boolean) => {
  for (const name of await readdir(dir).catch(() => [])) {
    const path = join(dir, name);
    const stats = await stat(path).catch(() => undefined);
    if (stats !== undefined && stats.mtimeMs < beforeMs && !isUsed(name))
      await rm(path, { force: true, recursive: true });
  }
};

/** Writes what comes to a file. @returns its checksum */
const writeHashed = async (
  content: AsyncIterable<Uint8Array>,
  path: string,
  signal: AbortSignal,
): Promise<string> => {
  const hash = createHash("sha256");
  // Open before anything comes: what fails at once must not leave a file that appears after it was cleared away.
  const file = await open(path, "w");
  await pipeline(
    content,
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    file.createWriteStream(),
    { signal },
  );
  return hash.digest("hex");
};

export const createBlobStore = (options: BlobStoreOptions): BlobStore => {
  const blobsDir = join(options.modelsDir, "blobs");
  const unfinishedDir = join(options.modelsDir, ".staging", "blobs");
  const freeBytes = options.freeBytes ?? freeBytesOfDisk;
  const nowMs = options.nowMs ?? Date.now;
  let received = 0;

  const pathOf = (sha256: string): string => join(blobsDir, `${blobPrefix}${sha256}`);

  const makeFolders = async (): Promise<void> => {
    await mkdir(unfinishedDir, { recursive: true });
    await mkdir(blobsDir, { recursive: true });
  };

  const requireRoom = async (bytes: number): Promise<void> => {
    await makeFolders();
    const free = await freeBytes(options.modelsDir);
    if (free < bytes + marginBytes)
      throw nodeError(
        500,
        `no space left on device: ${megabytes(bytes + marginBytes)} are needed in the models folder, ${megabytes(free)} are free`,
      );
  };

  return {
    pathOf,
    requireRoom,
    has: async (sha256) => {
      const now = new Date(nowMs());
      // Asked for means wanted: its hour begins anew.
      return utimes(pathOf(sha256), now, now).then(
        () => true,
        () => false,
      );
    },
    partOf: async (sha256) => {
      await makeFolders();
      return join(unfinishedDir, `${sha256}.part`);
    },
    receive: async (sha256, content, expectedBytes, signal) => {
      await requireRoom(expectedBytes ?? 0);
      const part = join(unfinishedDir, `upload-${String(process.pid)}-${String((received += 1))}`);
      try {
        const actual = await writeHashed(content, part, signal);
        if (actual !== sha256)
          throw nodeError(
            400,
            `digest mismatch, expected "sha256:${sha256}", got "sha256:${actual}"`,
          );
        await rename(part, pathOf(sha256));
      } catch (error) {
        throw nameDiskFull(error);
      } finally {
        await rm(part, { force: true });
      }
    },
    remove: (sha256) => rm(pathOf(sha256), { force: true }),
    prune: async (isUsed) => {
      await removeOlder(blobsDir, nowMs() - keptMs, (name) =>
        isUsed(name.slice(blobPrefix.length)),
      );
      await removeOlder(unfinishedDir, nowMs() - unfinishedKeptMs, () => false);
    },
  };
};
