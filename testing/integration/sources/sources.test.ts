import { mkdir, mkdtemp, open, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSourceStore } from "#lib/adapters/database/source-store.ts";
import { createFolderFiles } from "#lib/adapters/sources/folder-files.ts";
import { isAppError } from "#lib/core/errors/app-error.ts";
import type { SourceItem, SourceReader } from "#lib/ports/source-reader.ts";
import type { NewSource } from "#lib/ports/source-store.ts";
import { createSyncSource } from "#lib/services/sync-source.ts";
import { createReplaceDocument } from "#lib/services/upload-document.ts";
import { createDocumentParser } from "#lib/adapters/parsers/document-parser.ts";
import { defaultSettings } from "#lib/core/settings/settings.ts";
import { type DocumentLine, projectRoot, startDocumentLine } from "../documents/document-line.ts";

let line: DocumentLine;
let root: string;
let outside: string;
const never = AbortSignal.any([]);

beforeAll(async () => {
  line = await startDocumentLine();
  const made = await mkdtemp(join(tmpdir(), "drover-sources-"));
  root = join(made, "shared");
  outside = join(made, "outside");
  await mkdir(root);
  await mkdir(outside);
}, 60_000);
afterAll(async () => {
  await line.close();
  await rm(join(root, ".."), { recursive: true, force: true });
});

const folderSource = (location: string, onVanished: NewSource["onVanished"]): NewSource => ({
  ...{ kind: "folder", location, everyHours: 24, onVanished },
});

/** Follows a folder and answers how each run went. Files in `closed` may not be opened, as after a change of their rights. */
async function follow(
  location: string,
  onVanished: NewSource["onVanished"],
  closed: ReadonlySet<string> = new Set(),
) {
  const { connection, files, documents, collections, admin } = line;
  const store = createSourceStore({ database: connection.db });
  const collectionId = await line.newCollection();
  const source = await store.add(admin, collectionId, folderSource(location, onVanished));
  const folder = createFolderFiles({
    roots: [root],
    open: (path, flags) =>
      closed.has(path)
        ? Promise.reject(Object.assign(new Error("not permitted"), { code: "EACCES" }))
        : open(path, flags),
  });
  const parser = createDocumentParser({ projectRoot });
  const limits = () => defaultSettings.documents;
  const uploading = {
    ...{ collections, documents, files, parser, limits },
    onQueued: () => undefined,
  };
  const sync = createSyncSource({
    ...{ store, documents, upload: line.uploadDocument, replace: createReplaceDocument(uploading) },
    readers: { folder, web: folder },
  });
  const run = async () => {
    await store.request(admin, source.id);
    const due = await store.takeDue(["folder"]);
    if (due?.source.id !== source.id) throw new Error("the source was not due");
    const { text, failed } = await sync(due, never);
    await line.workOff();
    return { text, failed };
  };
  const versions = async () =>
    (
      await connection.pool.query<{ n: number }>(
        "SELECT count(*)::int AS n FROM jobs j JOIN documents d ON j.dedupe_key = 'ingest:' || d.id WHERE d.collection_id = $1",
        [collectionId],
      )
    ).rows[0]?.n;
  const found = async (question: string) =>
    (await line.retrieve(admin, question, [collectionId])).chunks.map(({ text }) => text);
  return { store, source, collectionId, run, versions, found };
}

async function pathsIn(reader: SourceReader, folder: string): Promise<readonly string[]> {
  const paths = [];
  for await (const { path } of reader.items(folder, never)) paths.push(path);
  return paths;
}

describe("a followed folder", { timeout: 120_000 }, () => {
  it("adds what is new, makes a version of what changed, and leaves alone what did not", async () => {
    const folder = join(root, "first");
    await mkdir(join(folder, "deep"), { recursive: true });
    await writeFile(join(folder, "hours.txt"), "The office opens at nine.");
    await writeFile(join(folder, "deep/colour.md"), "The door is green.");
    await writeFile(join(folder, "program.exe"), Buffer.from([0x4d, 0x5a, 0, 1, 2, 3]));
    await writeFile(join(folder, ".hidden.txt"), "The password is swordfish.");
    const followed = await follow(folder, "keep");
    const first = await followed.run();
    expect(first.text).toMatch(/^2 new\. 1 left out: program\.exe: /);
    expect(await followed.found("When does the office open?")).toContain(
      "The office opens at nine.",
    );
    expect((await followed.run()).text).toMatch(/^2 unchanged\./);
    expect(await followed.versions()).toBe(2);
    await writeFile(join(folder, "hours.txt"), "The office opens at ten.");
    expect((await followed.run()).text).toMatch(/^1 changed, 1 unchanged\./);
    const now = await followed.found("When does the office open?");
    expect(now).toContain("The office opens at ten.");
    expect(now.join(" ")).not.toMatch(/nine|swordfish/);
  });

  it("keeps and marks what is gone, or removes it, and takes an empty folder for a disk that is not there", async () => {
    for (const onVanished of ["keep", "remove"] as const) {
      const folder = join(root, onVanished);
      await mkdir(folder);
      await writeFile(join(folder, "a.txt"), `Apples are ${onVanished}.`);
      await writeFile(join(folder, "b.txt"), `Bears are ${onVanished}.`);
      const followed = await follow(folder, onVanished);
      await followed.run();
      await rm(join(folder, "b.txt"));
      expect((await followed.run()).text).toBe(
        onVanished === "keep" ? "1 gone and kept, 1 unchanged." : "1 removed, 1 unchanged.",
      );
      const left = await followed.store.documents(followed.source.id);
      expect(left.map(({ path, isVanished }) => [path, isVanished]).sort()).toEqual(
        onVanished === "keep"
          ? [
              ["a.txt", false],
              ["b.txt", true],
            ]
          : [["a.txt", false]],
      );
      await rename(folder, `${folder}-away`);
      expect(await followed.run()).toMatchObject({ failed: true });
      await mkdir(folder);
      expect(await followed.run()).toMatchObject({
        failed: true,
        text: expect.stringContaining("empty") as string,
      });
      expect(await followed.store.documents(followed.source.id)).toHaveLength(left.length);
    }
  });

  it("removes nothing of a folder that stands empty at once, until that folder is removed too", async () => {
    const folder = join(root, "mounts");
    const names = ["a", "b", "c", "d", "e"].map((name) => join(folder, "disk/deep", `${name}.txt`));
    await mkdir(join(folder, "disk/deep"), { recursive: true });
    await writeFile(join(folder, "own.txt"), "This is always there.");
    for (const name of names) await writeFile(name, `It is called ${name}.`);
    const followed = await follow(folder, "remove");
    await followed.run();
    await rename(join(folder, "disk/deep"), join(outside, "deep"));
    const { text, failed } = await followed.run();
    expect([failed, text]).toEqual([true, expect.stringContaining("5 documents were not removed")]);
    expect(text).toContain("The folder disk is empty now");
    expect((await followed.store.documents(followed.source.id)).length).toBe(6);
    await rm(join(folder, "disk"), { recursive: true });
    expect((await followed.run()).text).toBe("5 removed, 1 unchanged.");
  });

  it("removes nothing of a file that is there and cannot be read at the moment", async () => {
    const folder = join(root, "closed");
    await mkdir(folder);
    await writeFile(join(folder, "a.txt"), "Anchors are heavy.");
    await writeFile(join(folder, "b.txt"), "Buoys are light.");
    const closed = new Set<string>();
    const followed = await follow(folder, "remove", closed);
    await followed.run();
    closed.add(join(folder, "b.txt"));
    expect((await followed.run()).text).toBe(
      "1 unchanged. 1 left out: b.txt: It cannot be read by Drover.",
    );
    expect(await followed.found("Are buoys light?")).toContain("Buoys are light.");
    closed.clear();
    expect((await followed.run()).text).toBe("2 unchanged.");
  });

  it("is left neither by a link nor by its name", async () => {
    await writeFile(join(outside, "secret.txt"), "The safe is behind the picture.");
    const folder = join(root, "links");
    await mkdir(folder);
    await writeFile(join(folder, "plain.txt"), "Nothing to see.");
    await symlink(join(outside, "secret.txt"), join(folder, "link.txt"));
    await symlink(outside, join(folder, "folder"));
    const followed = await follow(folder, "keep");
    expect((await followed.run()).text).toBe("1 new.");
    await symlink(outside, join(root, "way-out"));
    const reader = createFolderFiles({ roots: [root] });
    for (const location of [
      outside,
      join(root, "way-out"),
      `${root}/../outside`,
      join(root, "none"),
      "links",
      `${root}-2`,
    ]) {
      const refused = await reader.check(location, never).catch((error: unknown) => error);
      expect(isAppError(refused, "source_refused")).toBe(true);
    }
  });

  it("does not open what became a link after it was listed", async () => {
    const folder = join(root, "raced");
    await mkdir(join(folder, "inner"), { recursive: true });
    await writeFile(join(folder, "inner/a.txt"), "harmless");
    await writeFile(join(outside, "a.txt"), "secret");
    const listed = createFolderFiles({ roots: [root] }).items(folder, never);
    const { value: item } = (await listed[Symbol.asyncIterator]().next()) as { value?: SourceItem };
    await rename(join(folder, "inner"), join(folder, "was"));
    await symlink(outside, join(folder, "inner"));
    await expect(item?.open()).rejects.toThrow();
  });

  it("reads no other file than the one that has the name", async () => {
    const folder = join(root, "swapped");
    await mkdir(folder);
    await writeFile(join(folder, "a.txt"), "harmless");
    await writeFile(join(outside, "b.txt"), "secret");
    const reader = createFolderFiles({
      roots: [root],
      // As when a folder on the way is a link for this moment only.
      open: (_path, flags) => open(join(outside, "b.txt"), flags),
    });
    expect(await pathsIn(reader, folder)).toEqual([]);
  });

  it("is not taken for empty when a folder in it cannot be listed", async () => {
    const folder = join(root, "listed");
    await mkdir(join(folder, "inner"), { recursive: true });
    await writeFile(join(folder, "a.txt"), "first");
    const items = createFolderFiles({ roots: [root] }).items(folder, never);
    const listed = items[Symbol.asyncIterator]();
    expect(await listed.next()).toMatchObject({ value: { path: "a.txt" } });
    await rm(join(folder, "inner"), { recursive: true });
    await expect(listed.next()).rejects.toMatchObject({ code: "source_refused" });
  });

  it("is refused when it holds more files than can be followed", async () => {
    const folder = join(root, "many");
    await mkdir(folder);
    for (const name of ["a", "b", "c"]) await writeFile(join(folder, `${name}.txt`), name);
    const upTo = (mostFiles: number) =>
      pathsIn(createFolderFiles({ roots: [root], mostFiles }), folder);
    expect(await upTo(3)).toHaveLength(3);
    await expect(upTo(2)).rejects.toMatchObject({ code: "source_refused" });
  });

  it("is shown and changed by who manages its collection alone, and leaves its documents when it ends", async () => {
    const folder = join(root, "rights");
    await mkdir(folder);
    await writeFile(join(folder, "kept.txt"), "Kept when nobody follows any more.");
    const { store, source, collectionId, run } = await follow(folder, "remove");
    await run();
    const member = await line.addPerson("member");
    const calls = [
      () => store.list(member, collectionId),
      () => store.remove(member, source.id),
      () => store.request(member, source.id),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "not_found" });
    await expect(
      store.add(line.admin, collectionId, folderSource(folder, "keep")),
    ).rejects.toMatchObject({ code: "name_taken" });
    await store.remove(line.admin, source.id);
    const [document] = await line.documents.list(line.admin, { collectionId });
    expect(document).toMatchObject({ fileName: "kept.txt", sourceId: null });
  });
});
