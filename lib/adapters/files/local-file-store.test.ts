import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FileStore } from "../../ports/file-store.ts";
import { createLocalFileStore } from "./local-file-store.ts";

const never = new AbortController().signal;

async function* pieces(...parts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield await Promise.resolve(Buffer.from(part));
}

describe("createLocalFileStore", () => {
  let folder: string;
  let store: FileStore;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "drover files "));
    store = createLocalFileStore({ folder: join(folder, "files") });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const everything = async () =>
    (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    ).length;

  it("keeps what it was given under a random name that only its owner may read", async () => {
    const { key, bytes, sha256 } = await store.put(pieces("one ", "two"), 100, never);
    expect(bytes).toBe(7);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(await readFile(store.path(key), "utf8")).toBe("one two");
    expect((await stat(store.path(key))).mode & 0o777).toBe(0o600);
    expect((await buffer(await store.open(key))).toString()).toBe("one two");
    const again = await store.put(pieces("one two"), 100, never);
    expect(again.key).not.toBe(key);
    expect(again.sha256).toBe(sha256);
    await store.remove(key);
    await store.remove(key);
    await store.remove(again.key);
    await expect(store.open(key)).rejects.toThrow();
    expect(await everything()).toBe(0);
  });

  it("leaves nothing behind when the content is too large, breaks off or is no longer wanted", async () => {
    await expect(store.put(pieces("12345", "67890"), 9, never)).rejects.toMatchObject({
      code: "payload_too_large",
      details: { limitBytes: 9 },
    });
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from("half"));
      throw new Error("cut off");
    }
    await expect(store.put(broken(), 100, never)).rejects.toThrow("cut off");
    const leaving = new AbortController();
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from("half"));
      leaving.abort(new Error("left"));
      yield Buffer.from("more");
    }
    await expect(store.put(slow(), 100, leaving.signal)).rejects.toThrow("left");
    await expect(store.put(pieces("x"), 100, leaving.signal)).rejects.toThrow("left");
    expect(await everything()).toBe(0);
  });

  it("accepts exactly the limit", async () => {
    const { key } = await store.put(pieces("12345"), 5, never);
    await store.remove(key);
  });

  it.each(["../../etc/passwd", "", "a/b", "..", "0".repeat(36)])(
    "takes nothing for a key that it did not make: %j",
    (key) => {
      expect(() => store.path(key)).toThrow(TypeError);
    },
  );
});

describe("a disk that is nearly full", () => {
  it("takes no new file, gives those it has, and goes on when there is room again", async () => {
    const folder = await mkdtemp(join(tmpdir(), "drover-full-"));
    let free = 0.5;
    const files = createLocalFileStore({ folder, freeShare: () => Promise.resolve(free) });
    const words = () => pieces("words");
    const { key } = await files.put(words(), 100, never);
    free = 0.049;
    await expect(files.put(words(), 100, never)).rejects.toMatchObject({ code: "disk_full" });
    expect(await readFile(files.path(key), "utf8")).toBe("words");
    expect(await files.keysBefore(new Date(Date.now() + 1_000))).toEqual([key]);
    free = 0.06;
    await files.put(words(), 100, never);
    await rm(folder, { recursive: true, force: true });
  });
});
