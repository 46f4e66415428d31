import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { writeGguf } from "../install/gguf-writer.ts";
import type { GgufValue } from "../install/gguf-writer.ts";
import { writeStamp } from "../install/installed-stamp.ts";
import { createModelStore } from "../store/model-store.ts";
import { createInstalledModels } from "./installed-models.ts";
import type { InstalledModels } from "./installed-models.ts";

const text = (value: string): GgufValue => ({ type: "string", value });
const whole = (value: number): GgufValue => ({ type: "uint32", value });

const modelsIn = (modelsDir: string): InstalledModels =>
  createInstalledModels(createModelStore({ modelsDir }));

describe("createInstalledModels", () => {
  let dir: string;
  const install = async (
    name: string,
    file: string,
    metadata: [string, GgufValue][],
  ): Promise<void> => {
    await writeGguf(join(dir, file), new Map(metadata), [
      { name: "w", shape: [32, 4], type: "Q8_0", load: () => Promise.resolve(new Uint8Array(136)) },
    ]);
    await writeStamp(dir, { name, file, sha256: `sum of ${file}`, source: "file" });
  };
  const chat: [string, GgufValue][] = [
    ["general.architecture", text("llama")],
    ["general.file_type", whole(7)],
    ["llama.context_length", whole(8192)],
    ["llama.embedding_length", whole(576)],
    ["tokenizer.chat_template", text("{{ '<|im_start|>' }}")],
  ];
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "drover-installed-"));
  });
  afterEach(() => rm(dir, { recursive: true }));

  it("describes a chat model and an embedder from their files", async () => {
    await install("tiny:latest", "tiny.gguf", chat);
    await install("embedder:1", "embedder.gguf", [
      ["general.architecture", text("bert")],
      ["bert.pooling_type", whole(1)],
    ]);
    const models = modelsIn(dir);
    const found = await models.find("tiny:latest");
    expect(found).toMatchObject({ digest: "sum of tiny.gguf", capabilities: ["completion"] });
    expect(found?.details).toMatchObject({
      family: "llama",
      quantization: "Q8_0",
      parameterCount: 128,
      contextLength: 8192,
    });
    expect(found?.template?.stop).toContain("<|im_end|>");
    expect((await models.find("embedder:1"))?.capabilities).toEqual(["embedding"]);
  });

  it("knows no chat for a template it cannot render", async () => {
    await install("odd:latest", "odd.gguf", [["general.architecture", text("llama")]]);
    const odd = await modelsIn(dir).find("odd:latest");
    expect(odd?.template).toBeUndefined();
  });

  it("sees what is installed, changed and removed while it runs", async () => {
    const models = modelsIn(dir);
    expect(await models.list()).toEqual([]);
    await install("tiny:latest", "tiny.gguf", chat);
    expect(await models.list()).toHaveLength(1);
    await writeFile(join(dir, "tiny.gguf"), "changed behind its stamp");
    expect(await models.list()).toEqual([]);
  });

  it("leaves out a damaged file and says so, without hiding the others", async () => {
    const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
    await install("tiny:latest", "tiny.gguf", chat);
    await writeFile(join(dir, "bad.gguf"), "not a model");
    await writeStamp(dir, { name: "bad:latest", file: "bad.gguf", sha256: "x", source: "file" });
    const models = modelsIn(dir);
    await models.list();
    expect((await models.list()).map(({ name }) => name)).toEqual(["tiny:latest"]);
    expect(said.mock.calls).toEqual([[expect.stringContaining("bad.gguf cannot be read")]]);
  });

  it("is empty where the folder does not exist", async () => {
    expect(await modelsIn(join(dir, "none")).list()).toEqual([]);
  });
});
