import { randomInt } from "node:crypto";
import { nodeError } from "./node-error.ts";

/** How the next token is chosen. */
export interface Sampling {
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly minP: number;
  readonly seed: number;
  readonly repeatLastN: number;
  readonly repeatPenalty: number;
  readonly presencePenalty: number;
  readonly frequencyPenalty: number;
}

export interface RunOptions {
  readonly sampling: Sampling;
  /** Most tokens to generate; 0 or less means no limit of the caller's. */
  readonly numPredict: number;
  /** Tokens at the prompt's start that survive when the window is shifted or the prompt cut. */
  readonly numKeep: number;
  readonly stop: readonly string[];
  /** Window asked for; undefined = the model's or the node's own. */
  readonly numCtx: number | undefined;
}

type Kind = "integer" | "float32" | "boolean" | "array" | "typical";

/** Type of every option an Ollama knows. Other names are ignored there and here. */
const kinds: Readonly<Record<string, Kind>> = {
  num_ctx: "integer",
  num_batch: "integer",
  num_gpu: "integer",
  main_gpu: "integer",
  num_thread: "integer",
  draft_num_predict: "integer",
  use_mmap: "boolean",
  num_keep: "integer",
  seed: "integer",
  num_predict: "integer",
  top_k: "integer",
  top_p: "float32",
  min_p: "float32",
  typical_p: "typical",
  repeat_last_n: "integer",
  temperature: "float32",
  repeat_penalty: "float32",
  presence_penalty: "float32",
  frequency_penalty: "float32",
  stop: "array",
};

const wrongType = (name: string, type: string): Error =>
  nodeError(500, `option "${name}" must be of type ${type}`);

const checkStop = (name: string, value: unknown): void => {
  if (!Array.isArray(value)) throw wrongType(name, "array");
  if (!value.every((item) => typeof item === "string"))
    throw wrongType(name, "of an array of strings");
};

const checkTypical = (name: string, value: unknown): void => {
  if (typeof value !== "number") throw wrongType(name, "float32");
  // The engine has no such sampler; 1 switches it off everywhere.
  if (value !== 1)
    throw nodeError(400, `option "${name}" other than 1 is not supported by this embedded node`);
};

const checkOption = (name: string, value: unknown): void => {
  const kind = kinds[name];
  switch (kind) {
    case undefined:
      return;
    case "integer":
    case "float32":
      if (typeof value !== "number") throw wrongType(name, kind);
      return;
    case "boolean":
      if (typeof value !== "boolean") throw wrongType(name, kind);
      return;
    case "array":
      checkStop(name, value);
      return;
    case "typical":
      checkTypical(name, value);
      return;
    default:
      kind satisfies never;
  }
};

const largestSeed = 2 ** 31 - 1;

/** Checks the kinds of values. @throws NodeError 500 for a wrong type */
export const checkOptions = (options: Readonly<Record<string, unknown>>): void => {
  for (const [name, value] of Object.entries(options)) checkOption(name, value);
};

export const isOption = (name: string): boolean => Object.hasOwn(kinds, name);

/**
 * Reads the `options` of a request.
 *
 * Load-time options except num_ctx (num_batch, num_gpu, main_gpu, num_thread, use_mmap, draft_num_predict) are
 * checked and then replaced by the node's own values: they belong to whoever started the node.
 *
 * @throws NodeError 500 for a wrong type, as Ollama answers
 */
export const readRunOptions = (options: Readonly<Record<string, unknown>> = {}): RunOptions => {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null));
  checkOptions(given);
  const float = (name: string, fallback: number): number =>
    (given[name] as number | undefined) ?? fallback;
  const integer = (name: string, fallback: number): number => Math.trunc(float(name, fallback));
  const seed = integer("seed", -1);
  return {
    sampling: {
      temperature: float("temperature", 0.8),
      topK: integer("top_k", 40),
      topP: float("top_p", 0.9),
      minP: float("min_p", 0),
      seed: seed < 0 ? randomInt(largestSeed) : seed,
      repeatLastN: integer("repeat_last_n", 64),
      repeatPenalty: float("repeat_penalty", 1),
      presencePenalty: float("presence_penalty", 0),
      frequencyPenalty: float("frequency_penalty", 0),
    },
    numPredict: integer("num_predict", -1),
    numKeep: Math.max(0, integer("num_keep", 4)),
    stop: (given["stop"] as readonly string[] | undefined) ?? [],
    numCtx: given["num_ctx"] === undefined ? undefined : Math.max(4, integer("num_ctx", 0)),
  };
};
