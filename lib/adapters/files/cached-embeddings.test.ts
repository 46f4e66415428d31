import { appendFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEmbeddingCache } from "./cached-embeddings.ts";

describe("openEmbeddingCache", () => {
  const space = { model: "m", engine: "e", digest: "d", dimension: 2 };
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "drover-vectors-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("knows what was added when it is opened again, and nothing of another space", async () => {
    const first = await openEmbeddingCache(folder, space);
    await first.add(
      ["a", "b"],
      [
        [0.5, 0.25],
        [1, 0],
      ],
    );
    const again = await openEmbeddingCache(folder, space);
    expect(again.get("a")).toEqual([0.5, 0.25]);
    expect(again.get("c")).toBeUndefined();
    const other = await openEmbeddingCache(folder, { ...space, digest: "other" });
    expect(other.get("a")).toBeUndefined();
  });
  it("ignores the rest of a record that was cut off", async () => {
    const [name = ""] = (await readdir(folder)).filter((file) => file.endsWith("-2.vectors"));
    await appendFile(join(folder, name), Buffer.alloc(7));
    expect((await openEmbeddingCache(folder, space)).get("b")).toEqual([1, 0]);
  });
});
