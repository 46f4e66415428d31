import { mkdir, readdir, rename, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../core/errors/app-error.ts";
import type { KeptSnapshot, SnapshotShelf } from "../../ports/snapshot-shelf.ts";
import { writeEmbeddedImage } from "./embedded-control.ts";

const namePattern = /^snapshot-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z$/;
/** Of the size of the database; so much stays free for the live one. */
const spareRoom = 0.5;

const nameOf = (at: Date): string =>
  `snapshot-${at.toISOString().slice(0, 19).replaceAll(":", "-")}Z`;

function keptUnder(name: string): readonly KeptSnapshot[] {
  const found = namePattern.exec(name);
  if (found === null) return [];
  const [, day = "", hours = "", minutes = "", seconds = ""] = found;
  return [{ name, at: new Date(`${day}T${hours}:${minutes}:${seconds}Z`) }];
}

async function bytesUnder(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    bytes += await stat(join(entry.parentPath, entry.name)).then(
      ({ size }) => size,
      () => 0, // dropped meanwhile
    );
  }
  return bytes;
}

/** Snapshots of the embedded database as folders `snapshot-TIME` with `database/` and `files/`; `npm run restore` takes them. */
export function createEmbeddedSnapshots(deps: {
  readonly databaseUrl: string;
  readonly dataDir: string;
}): SnapshotShelf {
  const { databaseUrl, dataDir } = deps;
  const shelf = join(dataDir, "snapshots");
  const requireRoom = async (): Promise<void> => {
    const needed = await bytesUnder(join(dataDir, "database"));
    const { bavail, bsize } = await statfs(shelf);
    if (bavail * bsize < needed * (1 + spareRoom))
      throw new AppError("disk_full", { reason: "no room for a snapshot" });
  };
  return {
    list: async () => {
      const names = await readdir(shelf).catch(() => []);
      return names.flatMap(keptUnder).sort((one, other) => other.at.getTime() - one.at.getTime());
    },
    async make(at) {
      await mkdir(shelf, { recursive: true, mode: 0o700 });
      await requireRoom();
      const partial = join(shelf, "making");
      await rm(partial, { recursive: true, force: true });
      await mkdir(partial, { mode: 0o700 });
      try {
        const originals = { from: join(dataDir, "files"), to: join(partial, "files") };
        await writeEmbeddedImage(databaseUrl, join(partial, "database"), originals);
        await rename(partial, join(shelf, nameOf(at)));
      } catch (error) {
        await rm(partial, { recursive: true, force: true });
        throw error;
      }
    },
    remove: async (name) => {
      if (!namePattern.test(name)) throw new TypeError("not a snapshot's name");
      await rm(join(shelf, name), { recursive: true, force: true });
    },
  };
}
