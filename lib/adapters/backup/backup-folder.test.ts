import { createHash, randomUUID } from "node:crypto";
import { appendFile, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BackupManifest } from "../../ports/backup.ts";
import { createBackupFolder, originalPath, tablePath } from "./backup-folder.ts";
import { openBackupFolder } from "./backup-reader.ts";
import { sayingFull } from "./durable-files.ts";
import { createOriginalsShelf } from "./originals-shelf.ts";

let folder: string;
const key = randomUUID();
const content = new TextEncoder().encode("An original.");
const sha256 = createHash("sha256").update(content).digest("hex");
const shape = { name: "documents", columns: ["id"] };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "drover-backup-folder-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function* rows() {
  yield await Promise.resolve([["1"], ["2"]]);
}

async function writtenBackup(change: Partial<BackupManifest> = {}): Promise<string> {
  const at = join(folder, "backup");
  const writer = await createBackupFolder(at);
  const table = await writer.table(shape, rows());
  const original = await writer.original(key, [content] as never);
  await writer.finish({
    ...{ format: "drover-backup", version: 1, createdAt: new Date(0).toISOString(), steps: [] },
    tables: [{ ...shape, ...table }],
    originals: [{ key, ...original }],
    ...change,
  });
  return at;
}

const verify = async (at: string): Promise<void> =>
  (await openBackupFolder(at)).verify(() => undefined, new AbortController().signal);

describe("the folder of a backup", () => {
  it("is under its own name only when it is whole", async () => {
    const writer = await createBackupFolder(join(folder, "backup"));
    await writer.table(shape, rows());
    expect(await readdir(folder)).toEqual(["backup.partial"]);
    await writer.abandon();
    expect(await readdir(folder)).toEqual([]);
    await verify(await writtenBackup());
    expect(await readdir(folder)).toEqual(["backup"]);
  });

  it("is refused when a table or an original was changed or is not there", async () => {
    const at = await writtenBackup();
    await appendFile(originalPath(at, key), "!");
    await expect(verify(at)).rejects.toMatchObject({ code: "backup_damaged" });
    await writeFile(originalPath(at, key), content);
    await verify(at);
    await rm(tablePath(at, "documents"));
    await expect(verify(at)).rejects.toMatchObject({ code: "backup_damaged" });
  });

  it("is refused when a newer Drover wrote it", async () => {
    const at = await writtenBackup({ version: 2 });
    await expect(openBackupFolder(at)).rejects.toMatchObject({ code: "database_newer" });
  });

  it("is not left by the names of what it holds", () => {
    for (const name of ["../documents", "a/b", "A", ""])
      expect(() => tablePath(folder, name)).toThrow();
    for (const name of ["../../secret", `${key}/..`, ""])
      expect(() => originalPath(folder, name)).toThrow();
  });
});

describe("the shelf of originals", () => {
  it("takes what it was told of, once, and nothing else", async () => {
    const shelf = createOriginalsShelf(folder);
    const other = new TextEncoder().encode("Something else.");
    await expect(shelf.add(key, sha256, () => [other] as never)).rejects.toMatchObject({
      code: "backup_damaged",
    });
    expect(await readdir(join(folder, key.slice(0, 2)))).toEqual([]);
    await shelf.add(key, sha256, () => [content] as never);
    expect(await shelf.holds(key, sha256)).toBe(true);
    await shelf.add(key, sha256, () => {
      throw new Error("it is there already");
    });
  });

  it("says that the disk is full, and lets other faults be what they are", async () => {
    const failing = (code: string) =>
      sayingFull(() => Promise.reject(Object.assign(new Error(), { code })));
    await expect(failing("ENOSPC")).rejects.toMatchObject({ code: "disk_full" });
    await expect(failing("EDQUOT")).rejects.toMatchObject({ code: "disk_full" });
    await expect(failing("EACCES")).rejects.toMatchObject({ code: "EACCES" });
  });
});
