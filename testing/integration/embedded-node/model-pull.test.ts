import { createHash } from "node:crypto";
import { readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startModelLibrary } from "./model-library.ts";
import { chatModel, post, postJson } from "./ollama-calls.ts";
import { ownModelsDir, startEmbeddedNodeIn } from "./start-embedded-node.ts";
import type { RunningNode } from "./start-embedded-node.ts";
import { blobUrl, deleteModel, namesOn, statusesOf, tagged, words } from "./model-calls.ts";

describe("pulling a model into an embedded node", { timeout: 60_000 }, () => {
  let modelsDir: string;
  let weights: Buffer;
  beforeAll(async () => {
    modelsDir = await ownModelsDir();
    weights = await readFile(join(modelsDir, "all-minilm.gguf"));
  });
  afterAll(() => rm(modelsDir, { recursive: true }));

  describe("by pull", () => {
    /** Another file than the installed one, and still the same model: what follows the tensors is not read. */
    const another = (mark: string): Buffer => Buffer.concat([weights, Buffer.from(mark)]);

    const withNode = async (
      data: Buffer,
      run: (
        node: RunningNode,
        library: Awaited<ReturnType<typeof startModelLibrary>>,
      ) => Promise<void>,
      served?: Buffer,
    ): Promise<void> => {
      const library = await startModelLibrary(data, {
        texts: { license: "Apache", params: JSON.stringify({ num_ctx: 128 }) },
        ...(served && { served }),
      });
      const node = await startEmbeddedNodeIn(modelsDir, "--library", library.url);
      try {
        await run(node, library);
      } finally {
        await node.stop();
        await library.close();
      }
    };

    it("tells its progress as Ollama does, and the model runs at once, on every node of the folder", async () => {
      await withNode(another("whole"), async (node) => {
        const other = await startEmbeddedNodeIn(modelsDir);
        try {
          const statuses = await statusesOf(await post(node.url, "/api/pull", { model: "tiny" }));
          expect(words(statuses)).toEqual([
            "pulling manifest",
            expect.stringMatching(/^pulling [0-9a-f]{12}$/),
            "verifying sha256 digest",
            "writing manifest",
            "success",
          ]);
          const last = statuses.filter(({ total }) => total !== undefined).at(-1);
          expect(last?.completed).toBe(last?.total);
          const { embeddings } = await postJson<{ embeddings: number[][] }>(
            other.url,
            "/api/embed",
            {
              model: "tiny",
              input: "a cat",
            },
          );
          expect(embeddings[0]).toHaveLength(384);
          const shown = await postJson<{ license: string; parameters: string }>(
            other.url,
            "/api/show",
            { model: "tiny" },
          );
          expect(shown).toMatchObject({ license: "Apache" });
          expect(shown.parameters).toMatch(/^num_ctx +128$/);
          expect((await deleteModel(node.url, "tiny")).status).toBe(200);
          expect(await namesOn(other.url)).not.toContain("tiny:latest");
        } finally {
          await other.stop();
        }
      });
    });

    it("names the library's own digest, so that nodes can be compared with an Ollama", async () => {
      await withNode(another("digest"), async (node, library) => {
        await statusesOf(await post(node.url, "/api/pull", { model: "tiny" }));
        const manifest = await (
          await fetch(`${library.url}/v2/library/tiny/manifests/latest`)
        ).text();
        const found = (await tagged(node.url)).find(({ name }) => name === "tiny:latest");
        expect(found?.digest).toBe(createHash("sha256").update(manifest).digest("hex"));
        await deleteModel(node.url, "tiny");
      });
    });

    it("leaves no half model when the checksum is wrong", async () => {
      const data = another("right");
      const damaged = Buffer.concat([weights, Buffer.from("wrong")]);
      await withNode(
        data,
        async (node) => {
          const statuses = await statusesOf(await post(node.url, "/api/pull", { model: "tiny" }));
          expect(statuses.at(-1)?.error).toContain("does not have the checksum");
          expect(await namesOn(node.url)).not.toContain("tiny:latest");
          expect(await readdir(join(modelsDir, ".staging", "blobs"))).not.toContainEqual(
            expect.stringMatching(/\.part$/),
          );
        },
        damaged,
      );
    });

    it("goes on where an aborted one ended, and shows no model before", async () => {
      await withNode(another("abort"), async (node, library) => {
        const client = new AbortController();
        const { held } = library.holdNextAfter(9_000_000);
        const response = await post(node.url, "/api/pull", { model: "tiny" }, client.signal);
        await held;
        client.abort();
        await expect(response.text()).rejects.toThrow();
        expect(await namesOn(node.url)).not.toContain("tiny:latest");
        const statuses = await statusesOf(await post(node.url, "/api/pull", { model: "tiny" }));
        expect(statuses.at(-1)).toEqual({ status: "success" });
        expect(library.requests).toContainEqual(expect.stringMatching(/ bytes=[1-9]\d*-$/));
        await deleteModel(node.url, "tiny");
      });
    });

    it("asks the library once when two want the same, and a model on its way cannot be deleted", async () => {
      await withNode(another("twice"), async (node, library) => {
        const { held, goOn } = library.holdNextAfter(9_000_000);
        const pulls = [1, 2].map(() => post(node.url, "/api/pull", { model: "tiny" }));
        await held;
        expect((await deleteModel(node.url, "tiny")).status).toBe(404);
        goOn();
        const ends = await Promise.all(
          pulls.map(async (pulling) => (await statusesOf(await pulling)).at(-1)),
        );
        expect(ends).toEqual([{ status: "success" }, { status: "success" }]);
        const asked = library.requests.filter((path) =>
          path.endsWith(blobUrl("", another("twice")).slice("/api/blobs/".length)),
        );
        expect(asked).toHaveLength(1);
        await deleteModel(node.url, "tiny");
      });
    });

    it("needs no library for what Drover installed by itself, and says what it misses for others", async () => {
      const node = await startEmbeddedNodeIn(modelsDir, "--library", "http://127.0.0.1:9");
      try {
        const own = await statusesOf(await post(node.url, "/api/pull", { model: chatModel }));
        expect(own.at(-1)).toEqual({ status: "success" });
        const elsewhere = await post(node.url, "/api/pull", { model: "example.org/a/b" });
        expect(elsewhere.status).toBe(400);
      } finally {
        await node.stop();
      }
    });
  });
});
