import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readGgufHead } from "../engine/gguf-head.ts";
import { writeGguf } from "./gguf-writer.ts";
import type { GgufTensor, GgufValue } from "./gguf-writer.ts";

const metadata = new Map<string, GgufValue>([
  ["general.architecture", { type: "string", value: "bert" }],
  ["bert.context_length", { type: "uint32", value: 512 }],
  ["bert.attention.layer_norm_epsilon", { type: "float32", value: 1e-12 }],
  ["bert.attention.causal", { type: "bool", value: false }],
  ["tokenizer.ggml.tokens", { type: "string[]", value: ["[PAD]", "\u2581word"] }],
  ["tokenizer.ggml.token_type", { type: "int32[]", value: [3, 1] }],
]);

const tensors: readonly GgufTensor[] = [
  { name: "a", shape: [3], type: "F32", load: () => Promise.resolve(new Uint8Array(12).fill(1)) },
  {
    name: "b",
    shape: [32, 2],
    type: "Q8_0",
    load: () => Promise.resolve(new Uint8Array(68).fill(2)),
  },
];

describe("writeGguf", () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "drover-gguf-"));
  });
  afterEach(() => rm(dir, { recursive: true }));

  it("writes a head that reads back, lists aside", async () => {
    const path = join(dir, "a.gguf");
    await writeGguf(path, metadata, tensors);
    const head = await readGgufHead(path);
    expect(Object.fromEntries(head.metadata)).toEqual({
      "general.architecture": "bert",
      "bert.context_length": 512,
      "bert.attention.layer_norm_epsilon": 1e-12,
      "bert.attention.causal": false,
      "tokenizer.ggml.tokens": null,
      "tokenizer.ggml.token_type": null,
    });
    expect(head.tensors).toEqual([
      { name: "a", shape: [3], type: 0 },
      { name: "b", shape: [32, 2], type: 8 },
    ]);
  });

  it("lays every tensor out on 32 bytes", async () => {
    const path = join(dir, "a.gguf");
    await writeGguf(path, metadata, tensors);
    const bytes = await readFile(path);
    expect(bytes.length % 32).toBe(0);
    expect(bytes.subarray(-96, -96 + 68).every((byte) => byte === 2)).toBe(true);
    expect(bytes.subarray(-128, -128 + 12).every((byte) => byte === 1)).toBe(true);
  });

  it("writes the same bytes for the same input", async () => {
    await writeGguf(join(dir, "a"), metadata, tensors);
    await writeGguf(join(dir, "b"), metadata, tensors);
    expect((await readFile(join(dir, "a"))).equals(await readFile(join(dir, "b")))).toBe(true);
  });

  it("refuses data that does not fit its shape", async () => {
    const wrong: GgufTensor = {
      name: "c",
      shape: [8],
      type: "F32",
      load: () => Promise.resolve(new Uint8Array(4)),
    };
    const ragged: GgufTensor = { ...wrong, shape: [30, 2], type: "Q8_0" };
    await expect(writeGguf(join(dir, "c"), metadata, [wrong])).rejects.toThrow(RangeError);
    await expect(writeGguf(join(dir, "d"), metadata, [ragged])).rejects.toThrow(
      "whole Q8_0 blocks",
    );
  });
});

describe("readGgufHead", () => {
  it("refuses what is no GGUF file", async () => {
    await expect(readGgufHead(import.meta.filename)).rejects.toThrow("no GGUF file");
  });
});
