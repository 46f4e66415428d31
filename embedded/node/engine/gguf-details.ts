import { readGgufHead } from "./gguf-head.ts";

/** What listing and showing a model needs from its file. */
export interface GgufDetails {
  readonly family: string;
  readonly parameterCount: number;
  readonly quantization: string;
  readonly contextLength: number;
  readonly embeddingLength: number;
  readonly chatTemplate: string | undefined;
  /** Text of the token that ends an answer. */
  readonly endOfText: string;
  /** What the model is for, as its file says by how it sums up a text: a vector, a score of two texts, or nothing of the kind. */
  readonly purpose: "completion" | "embedding" | "rerank";
  /** Flat metadata, keys sorted, long lists left out as null. */
  readonly info: Readonly<Record<string, unknown>>;
  readonly tensors: readonly {
    readonly name: string;
    readonly type: string;
    readonly shape: readonly number[];
  }[];
}

/** llama.cpp's LLAMA_FTYPE numbers. */
const fileTypes: Readonly<Record<number, string>> = {
  0: "F32",
  1: "F16",
  2: "Q4_0",
  3: "Q4_1",
  7: "Q8_0",
  8: "Q5_0",
  9: "Q5_1",
  10: "Q2_K",
  11: "Q3_K_S",
  12: "Q3_K_M",
  13: "Q3_K_L",
  14: "Q4_K_S",
  15: "Q4_K_M",
  16: "Q5_K_S",
  17: "Q5_K_M",
  18: "Q6_K",
  32: "BF16",
};

/** ggml's tensor type numbers. */
const tensorTypes: Readonly<Record<number, string>> = {
  0: "F32",
  1: "F16",
  2: "Q4_0",
  3: "Q4_1",
  6: "Q5_0",
  7: "Q5_1",
  8: "Q8_0",
  10: "Q2_K",
  11: "Q3_K",
  12: "Q4_K",
  13: "Q5_K",
  14: "Q6_K",
  30: "BF16",
};

const templateKey = "tokenizer.chat_template";

const numberOf = (flat: ReadonlyMap<string, unknown>, key: string): number =>
  Number(flat.get(key) ?? 0);

/** llama.cpp's number for a classification head in the place of a pooled vector. */
const rankPooling = 4;

const purposeOf = (pooling: unknown): GgufDetails["purpose"] => {
  if (pooling === undefined) return "completion";
  return pooling === rankPooling ? "rerank" : "embedding";
};

/** Reads a GGUF file's head. */
export const readGgufDetails = async (path: string): Promise<GgufDetails> => {
  const head = await readGgufHead(path);
  const flat = new Map<string, unknown>(head.metadata);
  const family = String(flat.get("general.architecture"));
  const tensors = head.tensors.map(({ name, type, shape }) => ({
    name,
    type: tensorTypes[type] ?? String(type),
    shape,
  }));
  const parameterCount = tensors.reduce(
    (sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1),
    0,
  );
  flat.set("general.parameter_count", parameterCount);
  const template = flat.get(templateKey);
  flat.delete(templateKey);
  const entries = [...flat].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    family,
    parameterCount,
    quantization: fileTypes[numberOf(flat, "general.file_type")] ?? "unknown",
    contextLength: numberOf(flat, `${family}.context_length`),
    embeddingLength: numberOf(flat, `${family}.embedding_length`),
    chatTemplate: typeof template === "string" ? template : undefined,
    endOfText: head.endOfText,
    purpose: purposeOf(flat.get(`${family}.pooling_type`)),
    info: Object.fromEntries(entries),
    tensors,
  };
};
