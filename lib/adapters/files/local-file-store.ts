import { createHash, randomUUID } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../core/errors/app-error.ts";
import type { FileStore } from "../../ports/file-store.ts";

const keyPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const partSuffix = ".part";

/** The name on disk is the random key alone; a person's file name never gets near a path. */
const pathOf = (folder: string, key: string): string => {
  if (!keyPattern.test(key)) throw new TypeError("not a key of this store");
  return join(folder, key.slice(0, 2), key);
};

async function write(
  file: FileHandle,
  content: AsyncIterable<Uint8Array>,
  limitBytes: number,
  signal: AbortSignal,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const piece of content) {
    signal.throwIfAborted();
    bytes += piece.byteLength;
    if (bytes > limitBytes) throw new AppError("payload_too_large", { limitBytes });
    hash.update(piece);
    await file.writeFile(piece);
  }
  signal.throwIfAborted();
  await file.sync();
  return { bytes, sha256: hash.digest("hex") };
}

/** Below it nothing new is taken, so that chats and the database still have room to go on. */
const smallestFreeShare = 0.05;

/** What part of the folder's disk programs may still fill, 0 to 1. */
async function freeShareOf(folder: string): Promise<number> {
  const { bavail, blocks } = await statfs(folder);
  return blocks === 0 ? 1 : bavail / blocks;
}

const isFull = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");

async function put(
  folder: string,
  content: AsyncIterable<Uint8Array>,
  limitBytes: number,
  signal: AbortSignal,
) {
  signal.throwIfAborted();
  const key = randomUUID();
  const path = pathOf(folder, key);
  const arriving = `${path}${partSuffix}`;
  await mkdir(join(path, ".."), { recursive: true, mode: 0o700 });
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY;
  const file = await open(arriving, flags, 0o600);
  try {
    const written = await write(file, content, limitBytes, signal);
    await file.close();
    await rename(arriving, path);
    return { key, ...written };
  } catch (error) {
    // Closing twice is no fault; what matters is that nothing stays behind.
    await file.close().catch(() => undefined);
    await rm(arriving, { force: true });
    throw isFull(error) ? new AppError("disk_full", {}, { cause: error }) : error;
  }
}

async function keysBefore(folder: string, before: Date): Promise<readonly string[]> {
  // No folder yet means no file yet.
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const keys: string[] = [];
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const { mtime } = await stat(path);
    if (mtime >= before) continue;
    if (entry.name.endsWith(partSuffix)) await rm(path, { force: true });
    else if (keyPattern.test(entry.name)) keys.push(entry.name);
  }
  return keys;
}

/** Originals in a folder of this machine. */
export function createLocalFileStore(deps: {
  readonly folder: string;
  /** What part of the disk is free, 0 to 1; asked before each file. */
  readonly freeShare?: (folder: string) => Promise<number>;
}): FileStore {
  const { folder, freeShare = freeShareOf } = deps;
  return {
    async put(content, limitBytes, signal) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      if ((await freeShare(folder)) < smallestFreeShare) throw new AppError("disk_full", {});
      return put(folder, content, limitBytes, signal);
    },
    open: async (key) => {
      const file = await open(pathOf(folder, key), "r");
      return createReadStream("", { fd: file, autoClose: true });
    },
    path: (key) => pathOf(folder, key),
    remove: (key) => rm(pathOf(folder, key), { force: true }),
    keysBefore: (before) => keysBefore(folder, before),
  };
}
