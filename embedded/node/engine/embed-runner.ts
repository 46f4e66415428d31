import type { Llama, LlamaModel, Token } from "node-llama-cpp";
import { loadOneAtATime, type ContextOptions } from "./one-at-a-time.ts";

export interface EmbedInput {
  readonly tokens: readonly Token[];
  /** False when the text was longer than the window and its end is left out. */
  readonly whole: boolean;
}

/** A loaded embedding model. One text at a time. */
export interface EmbedRunner {
  readonly kind: "embedding";
  readonly numCtx: number;
  readonly memoryBytes: number;
  /** Cuts a text to the window. */
  readonly prepare: (text: string) => EmbedInput;
  /** Unit-length vector of a text; waits for its turn, leaves the queue at once on abort. */
  readonly embed: (input: EmbedInput, signal: AbortSignal) => Promise<Float32Array>;
  readonly dispose: () => Promise<void>;
}

const prepareFor = (model: LlamaModel, text: string, numCtx: number): EmbedInput => {
  const start = model.tokens.bos;
  const end = model.tokens.sep ?? model.tokens.eos;
  const frame = (start === null ? 0 : 1) + (end === null ? 0 : 1);
  const tokens = model.tokenize(text, false);
  const whole = tokens.length + frame <= numCtx;
  const kept = whole ? tokens : tokens.slice(0, numCtx - frame);
  return {
    tokens: [...(start === null ? [] : [start]), ...kept, ...(end === null ? [] : [end])],
    whole,
  };
};

/** Scales to length 1. A zero vector stays zero. */
export const normalise = (vector: Float32Array): Float32Array => {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
};

export const loadEmbedRunner = async (
  llama: Llama,
  options: ContextOptions,
): Promise<EmbedRunner> => {
  const { model, context, inTurn, dispose } = await loadOneAtATime(llama, options, (loaded, how) =>
    loaded.createEmbeddingContext(how),
  );
  return {
    kind: "embedding",
    numCtx: options.numCtx,
    memoryBytes: options.fileBytes,
    prepare: (text) => prepareFor(model, text, options.numCtx),
    embed: async ({ tokens }, signal) => {
      const { vector } = await inTurn(signal, () => context.getEmbeddingFor([...tokens]));
      return normalise(Float32Array.from(vector));
    },
    dispose,
  };
};
