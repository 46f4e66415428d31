import { readFile } from "node:fs/promises";
import { writeGguf } from "./gguf-writer.ts";
import type { GgufTensor, GgufValue } from "./gguf-writer.ts";
import { quantizeQ8 } from "./quantize.ts";
import { openSafetensors } from "./safetensors.ts";
import type { StoredTensor } from "./safetensors.ts";

const blockCount = 6;
const wordStart = "\u2581";
const tokenType = { normal: 1, control: 3 } as const;
const controlTokens: ReadonlySet<string> = new Set(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]);

/** llama.cpp marks the start of a word where WordPiece marks the continuation of one. */
const toLlamaToken = (token: string): string => {
  if (token.startsWith("[") && token.endsWith("]")) return token;
  return token.startsWith("##") ? token.slice(2) : wordStart + token;
};

const readVocabulary = async (path: string): Promise<readonly string[]> => {
  const lines = (await readFile(path, "utf8")).split("\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
};

const metadataOf = (vocabulary: readonly string[]): ReadonlyMap<string, GgufValue> => {
  const idOf = (token: string): GgufValue => ({ type: "uint32", value: vocabulary.indexOf(token) });
  const types = vocabulary.map((token) =>
    controlTokens.has(token) ? tokenType.control : tokenType.normal,
  );
  return new Map<string, GgufValue>([
    ["general.architecture", { type: "string", value: "bert" }],
    ["general.name", { type: "string", value: "all-MiniLM-L6-v2" }],
    ["general.license", { type: "string", value: "apache-2.0" }],
    ["general.file_type", { type: "uint32", value: 7 }],
    ["general.quantization_version", { type: "uint32", value: 2 }],
    ["bert.block_count", { type: "uint32", value: blockCount }],
    ["bert.context_length", { type: "uint32", value: 512 }],
    ["bert.embedding_length", { type: "uint32", value: 384 }],
    ["bert.feed_forward_length", { type: "uint32", value: 1536 }],
    ["bert.attention.head_count", { type: "uint32", value: 12 }],
    ["bert.attention.layer_norm_epsilon", { type: "float32", value: 1e-12 }],
    ["bert.attention.causal", { type: "bool", value: false }],
    ["bert.pooling_type", { type: "uint32", value: 1 }],
    ["tokenizer.ggml.model", { type: "string", value: "bert" }],
    ["tokenizer.ggml.tokens", { type: "string[]", value: vocabulary.map(toLlamaToken) }],
    ["tokenizer.ggml.token_type", { type: "int32[]", value: types }],
    ["tokenizer.ggml.token_type_count", { type: "uint32", value: 2 }],
    ["tokenizer.ggml.bos_token_id", idOf("[CLS]")],
    ["tokenizer.ggml.eos_token_id", idOf("[SEP]")],
    ["tokenizer.ggml.unknown_token_id", idOf("[UNK]")],
    ["tokenizer.ggml.seperator_token_id", idOf("[SEP]")], // the specification's own spelling
    ["tokenizer.ggml.padding_token_id", idOf("[PAD]")],
    ["tokenizer.ggml.mask_token_id", idOf("[MASK]")],
  ]);
};

type Placement = readonly [target: string, source: string, type: GgufTensor["type"]];

const embeddingPlacements: readonly Placement[] = [
  ["position_embd.weight", "embeddings.position_embeddings.weight", "F32"],
  ["token_embd.weight", "embeddings.word_embeddings.weight", "Q8_0"],
  ["token_embd_norm.bias", "embeddings.LayerNorm.bias", "F32"],
  ["token_embd_norm.weight", "embeddings.LayerNorm.weight", "F32"],
  ["token_types.weight", "embeddings.token_type_embeddings.weight", "F32"],
];

const layerParts: readonly (readonly [target: string, source: string])[] = [
  ["attn_k", "attention.self.key"],
  ["attn_output", "attention.output.dense"],
  ["attn_output_norm", "attention.output.LayerNorm"],
  ["attn_q", "attention.self.query"],
  ["attn_v", "attention.self.value"],
  ["ffn_down", "output.dense"],
  ["ffn_up", "intermediate.dense"],
  ["layer_output_norm", "output.LayerNorm"],
];

const layerPlacements = (layer: number): Placement[] =>
  layerParts.flatMap(([target, source]): Placement[] => {
    const to = `blk.${String(layer)}.${target}`;
    const from = `encoder.layer.${String(layer)}.${source}`;
    const weightType = target.endsWith("norm") ? "F32" : "Q8_0";
    return [
      [`${to}.bias`, `${from}.bias`, "F32"],
      [`${to}.weight`, `${from}.weight`, weightType],
    ];
  });

const place = (
  [name, source, type]: Placement,
  read: (name: string) => StoredTensor,
): GgufTensor => {
  const tensor = read(source);
  return {
    name,
    type,
    shape: tensor.shape.toReversed(),
    load: async () => {
      const values = await tensor.read();
      return type === "Q8_0" ? quantizeQ8(values) : new Uint8Array(values.buffer);
    },
  };
};

/**
 * Writes all-MiniLM-L6-v2 as a Q8_0 GGUF with mean pooling. Byte for byte the same on every machine.
 *
 * @param safetensors path of model.safetensors (f32)
 * @param vocabulary  path of vocab.txt, one WordPiece token a line
 */
export const convertMiniLm = async (
  paths: { readonly safetensors: string; readonly vocabulary: string; readonly target: string },
  signal?: AbortSignal,
): Promise<void> => {
  const vocabulary = await readVocabulary(paths.vocabulary);
  const weights = await openSafetensors(paths.safetensors);
  try {
    const layers = Array.from({ length: blockCount }, (_, layer) => layerPlacements(layer)).flat();
    const tensors = [...embeddingPlacements, ...layers].map((entry) =>
      place(entry, weights.tensor),
    );
    await writeGguf(paths.target, metadataOf(vocabulary), tensors, signal);
  } finally {
    await weights.close();
  }
};
