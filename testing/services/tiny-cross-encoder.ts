import {
  writeGguf,
  type GgufTensor,
  type GgufValue,
} from "../../embedded/node/install/gguf-writer.ts";
import { seededRandom } from "../bench/corpus.ts";

const width = 32;
const inner = 64;
const positions = 128;
const letters = "abcdefghijklmnopqrstuvwxyz0123456789.,?!'-".split("");
const marks = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
/** Each letter at the start of a word, and inside one. */
const vocabulary = [...marks, ...letters.map((letter) => `\u2581${letter}`), ...letters];

const idOf = (token: string): GgufValue => ({ type: "uint32", value: vocabulary.indexOf(token) });
const whole = (value: number): GgufValue => ({ type: "uint32", value });
const text = (value: string): GgufValue => ({ type: "string", value });

const metadata = new Map<string, GgufValue>([
  ["general.architecture", text("bert")],
  ["general.name", text("tiny cross-encoder")],
  ["general.file_type", whole(0)],
  ["bert.block_count", whole(1)],
  ["bert.context_length", whole(positions)],
  ["bert.embedding_length", whole(width)],
  ["bert.feed_forward_length", whole(inner)],
  ["bert.attention.head_count", whole(4)],
  ["bert.attention.layer_norm_epsilon", { type: "float32", value: 1e-12 }],
  ["bert.attention.causal", { type: "bool", value: false }],
  ["bert.pooling_type", whole(4)],
  ["tokenizer.ggml.model", text("bert")],
  ["tokenizer.ggml.tokens", { type: "string[]", value: vocabulary }],
  [
    "tokenizer.ggml.token_type",
    { type: "int32[]", value: vocabulary.map((token) => (marks.includes(token) ? 3 : 1)) },
  ],
  ["tokenizer.ggml.token_type_count", whole(2)],
  ["tokenizer.ggml.bos_token_id", idOf("[CLS]")],
  ["tokenizer.ggml.eos_token_id", idOf("[SEP]")],
  ["tokenizer.ggml.unknown_token_id", idOf("[UNK]")],
  ["tokenizer.ggml.seperator_token_id", idOf("[SEP]")], // the specification's own spelling
  ["tokenizer.ggml.padding_token_id", idOf("[PAD]")],
  ["tokenizer.ggml.mask_token_id", idOf("[MASK]")],
]);

const square = [width, width] as const;
const block: readonly (readonly [string, readonly number[]])[] = [
  ...["attn_k", "attn_q", "attn_v", "attn_output"].map((name) => [name, square] as const),
  ["ffn_up", [width, inner]],
  ["ffn_down", [inner, width]],
];

/**
 * A GGUF of the form that llama.cpp's converter gives a BERT with a classification head, with weights out of a seeded generator: it says
 * nothing of its texts, but it is read, loaded and asked as a real cross-encoder is.
 */
export async function writeTinyCrossEncoder(path: string): Promise<void> {
  const random = seededRandom(5);
  const tensor = (name: string, shape: readonly number[], around = 0): GgufTensor => {
    const count = shape.reduce((product, size) => product * size, 1);
    const values = Float32Array.from({ length: count }, () => around + random() - 0.5);
    return { name, shape, type: "F32", load: () => Promise.resolve(new Uint8Array(values.buffer)) };
  };
  const norm = (name: string) => [
    tensor(`${name}.weight`, [width], 1),
    tensor(`${name}.bias`, [width]),
  ];
  await writeGguf(path, metadata, [
    tensor("token_embd.weight", [width, vocabulary.length]),
    tensor("position_embd.weight", [width, positions]),
    tensor("token_types.weight", [width, 2]),
    ...norm("token_embd_norm"),
    ...block.flatMap(([name, shape]) => [
      tensor(`blk.0.${name}.weight`, shape),
      tensor(`blk.0.${name}.bias`, [shape[1] ?? 0]),
    ]),
    ...norm("blk.0.attn_output_norm"),
    ...norm("blk.0.layer_output_norm"),
    tensor("cls.weight", square),
    tensor("cls.bias", [width]),
    tensor("cls.output.weight", [width, 1]),
    tensor("cls.output.bias", [1]),
  ]);
}
