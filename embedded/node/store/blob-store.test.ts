import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createBlobStore } from "./blob-store.ts";
import type { BlobStore, BlobStoreOptions } from "./blob-store.ts";

const never = new AbortController().signal;
const content = Buffer.from("some weights");
const sha256 = createHash("sha256").update(content).digest("hex");
const hour = 3_600_000;

describe("createBlobStore", () => {
  let dir: string;
  const storeWith = (options: Partial<BlobStoreOptions> = {}): BlobStore =>
    createBlobStore({ modelsDir: dir, ...options });
  const left = async (): Promise<readonly string[]> =>
    (await readdir(dir, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);
  const send = async function* (...chunks: readonly Uint8Array[]) {
    yield* chunks;
    await Promise.resolve();
  };
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "drover-blobs-"));
  });
  afterEach(() => rm(dir, { recursive: true }));

  it("keeps what has the checksum it is sent under", async () => {
    const store = storeWith();
    expect(await store.has(sha256)).toBe(false);
    await store.receive(sha256, send(content.subarray(0, 4), content.subarray(4)), 12, never);
    expect(await store.has(sha256)).toBe(true);
    expect(await left()).toEqual([`sha256-${sha256}`]);
  });

  it("keeps nothing of what has another checksum", async () => {
    const receiving = storeWith().receive(sha256, send(Buffer.from("other")), 5, never);
    await expect(receiving).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining(`digest mismatch, expected "sha256:${sha256}"`) as string,
    });
    expect(await left()).toEqual([]);
  });

  it("keeps nothing when the client leaves half-way", async () => {
    const client = new AbortController();
    const halves = async function* () {
      yield content.subarray(0, 4);
      client.abort(new Error("the client left"));
      yield content.subarray(4);
      await Promise.resolve();
    };
    const receiving = storeWith().receive(sha256, halves(), 12, client.signal);
    await expect(receiving).rejects.toMatchObject({ name: "AbortError" });
    expect(await left()).toEqual([]);
  });

  it("says so before it begins when the disk has no room", async () => {
    const store = storeWith({ freeBytes: () => Promise.resolve(1e6) });
    const receiving = store.receive(sha256, send(content), 200e6, never);
    await expect(receiving).rejects.toMatchObject({
      status: 500,
      message: "no space left on device: 253 MB are needed in the models folder, 1 MB are free",
    });
  });

  it("says so, and keeps nothing, when the disk fills while it comes", async () => {
    const failing = async function* () {
      yield content;
      await Promise.resolve();
      throw Object.assign(new Error("ENOSPC: write"), { code: "ENOSPC" });
    };
    await expect(storeWith().receive(sha256, failing(), 12, never)).rejects.toMatchObject({
      status: 500,
      message: "no space left on device: make room and try again",
    });
    expect(await left()).toEqual([]);
  });

  it("takes away what no model uses once it is an hour old, and unfinished downloads after a day", async () => {
    const store = storeWith();
    const part = await store.partOf("part");
    for (const name of ["used", "old", "new"]) await writeFile(store.pathOf(name), "x");
    await writeFile(part, "x");
    const before = new Date(Date.now() - 2 * hour);
    for (const name of ["used", "old"]) await utimes(store.pathOf(name), before, before);
    await utimes(part, before, before);
    await store.prune((name) => name === "used");
    expect((await left()).toSorted()).toEqual(["part.part", "sha256-new", "sha256-used"]);
    const later = storeWith({ nowMs: () => Date.now() + 25 * hour });
    await later.prune(() => true);
    expect((await left()).toSorted()).toEqual(["sha256-new", "sha256-used"]);
  });
});
