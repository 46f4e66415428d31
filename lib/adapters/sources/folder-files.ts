import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, readdir, realpath, stat } from "node:fs/promises";
import { basename, isAbsolute, join, relative, sep } from "node:path";
import { isAppError } from "../../core/errors/app-error.ts";
import type { SourceItem, SourceReader } from "../../ports/source-reader.ts";
import { refused } from "./source-refused.ts";

const mostFilesOfAll = 10_000;

type OpenFile = (path: string, flags: number) => Promise<FileHandle>;

const isWithin = (path: string, root: string): boolean =>
  path === root || path.startsWith(`${root}${sep}`);

/** Follows folders of this machine below the roots that its operator named. Links are not followed, hidden files are left out. */
export function createFolderFiles(deps: {
  readonly roots: readonly string[];
  readonly open?: OpenFile;
  readonly mostFiles?: number;
}): SourceReader {
  const { open: openFile = open, mostFiles = mostFilesOfAll } = deps;
  /** The folder's real place, which must be below a root's real place. */
  const locate = async (location: string): Promise<string> => {
    if (!isAbsolute(location)) throw refused("Name the folder by its whole path.");
    const real = await realpath(location).catch(() => undefined);
    for (const root of deps.roots) {
      const realRoot = await realpath(root).catch(() => undefined);
      if (real !== undefined && realRoot !== undefined && isWithin(real, realRoot)) return real;
    }
    // The same words whether it exists or not: nobody learns what else is on this machine.
    throw refused(
      "There is no such folder below those that the operator named (DROVER_SYNC_FOLDERS).",
    );
  };
  return {
    check: async (location) => {
      const folder = await locate(location);
      if (!(await stat(folder)).isDirectory()) throw refused("This is not a folder.");
    },
    async *items(location, signal) {
      const folder = await locate(location);
      let found = 0;
      for await (const path of walk(folder, signal)) {
        found += 1;
        if (found > mostFiles)
          throw refused(`There are more than ${String(mostFiles)} files here. Follow its parts.`);
        const item = await itemOf(openFile, folder, path).catch((error: unknown) =>
          isGone(error) ? undefined : closedItem(folder, path, error),
        );
        if (item !== undefined) yield item;
      }
    },
    hasFolder: async (location, path) => {
      const folder = join(await locate(location), path);
      return stat(folder).then(
        (found) => found.isDirectory(),
        () => false,
      );
    },
  };
}

async function* walk(folder: string, signal: AbortSignal): AsyncGenerator<string> {
  signal.throwIfAborted();
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw refused("A folder here cannot be read by Drover.", error);
  });
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    if (entry.name.startsWith(".")) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path, signal);
    else if (entry.isFile()) yield path;
  }
}

/**
 * Opens what really lies below `folder`: somebody may have put a link in the place of a file, or of a folder on the way, since it
 * was listed.
 */
async function openWithin(openFile: OpenFile, folder: string, path: string): Promise<FileHandle> {
  const file = await openFile(
    path,
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
  );
  try {
    const real = await realpath(path);
    const [opened, there] = [await file.stat(), await stat(real)];
    const isSame = opened.ino === there.ino && opened.dev === there.dev;
    if (!opened.isFile() || !isSame || !isWithin(real, folder))
      throw refused("This is not a file.");
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** No longer there, or a link now. */
const isGone = (error: unknown): boolean =>
  isAppError(error, "source_refused") ||
  (error instanceof Error &&
    "code" in error &&
    (error.code === "ENOENT" || error.code === "ELOOP"));

/** It is there and cannot be read now: not gone, or what was read of it earlier would be removed. */
const closedItem = (folder: string, path: string, cause: unknown): SourceItem => ({
  path: relative(folder, path),
  fileName: basename(path),
  sha256: "",
  open: () => Promise.reject(refused("It cannot be read by Drover.", cause)),
});

async function itemOf(openFile: OpenFile, folder: string, path: string): Promise<SourceItem> {
  const hash = createHash("sha256");
  const file = await openWithin(openFile, folder, path);
  for await (const piece of file.createReadStream()) hash.update(piece as Uint8Array);
  return {
    path: relative(folder, path),
    fileName: basename(path),
    sha256: hash.digest("hex"),
    open: async () => (await openWithin(openFile, folder, path)).createReadStream(),
  };
}
