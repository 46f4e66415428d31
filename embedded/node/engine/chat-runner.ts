import type {
  Llama,
  LlamaContext,
  LlamaContextSequence,
  LlamaGrammar,
  LlamaModel,
  Token,
} from "node-llama-cpp";
import { createFifoSlots } from "./fifo-slots.ts";
import { generate } from "./generation.ts";
import { engineError } from "./node-error.ts";
import type { GenerateRequest, GenerateResult, TextChunk } from "./generation.ts";
import { createNativeGarbage } from "./native-garbage.ts";
import { createPrefillPace, largestBatchTokens } from "./prefill-pace.ts";

/** One place for a running request, with the tokens that its last one left in the engine's memory. */
interface ChatSlot {
  readonly sequence: LlamaContextSequence;
  usedAt: number;
}

/** A request whose grammar is still a text (GBNF). */
export type RunRequest = Omit<GenerateRequest, "grammar"> & {
  readonly grammar: string | undefined;
};

/** A loaded chat model. */
export interface ChatRunner {
  readonly kind: "chat";
  readonly numCtx: number;
  readonly memoryBytes: number;
  readonly tokenize: (text: string) => readonly Token[];
  readonly toText: (tokens: readonly Token[]) => string;
  /** Waits for a slot (first come, first served), then generates. Ends early, and frees the slot, on abort. */
  readonly run: (
    request: RunRequest,
    signal: AbortSignal,
  ) => AsyncGenerator<TextChunk, GenerateResult>;
  readonly dispose: () => Promise<void>;
}

/** The slot that already holds most of the prompt; among equals the one that rested longest. */
const chooseSlot =
  (tokens: readonly Token[]) =>
  (free: readonly ChatSlot[]): ChatSlot | undefined => {
    const rated = free.map((slot) => ({
      slot,
      shared: slot.sequence.compareContextTokens([...tokens]).firstDifferentIndex,
    }));
    rated.sort((a, b) => b.shared - a.shared || a.slot.usedAt - b.slot.usedAt);
    return rated[0]?.slot;
  };

/** @throws NodeError 400 when the engine cannot use it */
const createGrammar = async (llama: Llama, grammar: string): Promise<LlamaGrammar> => {
  try {
    return await llama.createGrammar({ grammar });
  } catch (error) {
    throw engineError(400, `failed to parse grammar: ${String(error)}`);
  }
};

/** Marks of turns in a prompt become their tokens; the start token is put before it where the model wants one. */
const tokenizeFor = (model: LlamaModel, text: string): Token[] => {
  const tokens = model.tokenize(text, true);
  const { bos, shouldPrependBosToken } = model.tokens;
  return shouldPrependBosToken && bos !== null && tokens[0] !== bos ? [bos, ...tokens] : tokens;
};

/**
 * Loads a chat model.
 *
 * @param numCtx   window of each slot, tokens
 * @param parallel requests at the same time
 * @param numBatch most tokens given to the engine at once
 */
export const loadChatRunner = async (
  llama: Llama,
  options: {
    readonly path: string;
    readonly numCtx: number;
    readonly threads: number;
    readonly parallel: number;
    readonly fileBytes: number;
    readonly numBatch: number;
  },
): Promise<ChatRunner> => {
  const { numCtx, threads, parallel, numBatch } = options;
  const model = await llama.loadModel({ modelPath: options.path, ignoreMemorySafetyChecks: true });
  const context: LlamaContext = await model.createContext({
    contextSize: numCtx,
    sequences: parallel,
    batchSize: largestBatchTokens,
    threads,
    flashAttention: true,
    ignoreMemorySafetyChecks: true,
  });
  const slots = Array.from({ length: parallel }, (): ChatSlot => ({
    sequence: context.getSequence(),
    usedAt: 0,
  }));
  const queue = createFifoSlots(slots);
  const pace = createPrefillPace();
  const garbage = createNativeGarbage();
  return {
    kind: "chat",
    numCtx,
    memoryBytes: options.fileBytes + context.memoryUsage.ram,
    tokenize: (text) => tokenizeFor(model, text),
    toText: (tokens) => model.detokenize([...tokens], true),
    run: async function* (request, signal) {
      const grammar =
        request.grammar === undefined ? undefined : await createGrammar(llama, request.grammar);
      const slot = await queue.take(signal, chooseSlot(request.tokens));
      try {
        return yield* generate(
          { model, sequence: slot.sequence, pace, garbage, numCtx, numBatch },
          { ...request, grammar },
          signal,
        );
      } finally {
        slot.usedAt = performance.now();
        queue.giveBack(slot);
      }
    },
    dispose: async () => {
      await queue.close(); // freeing memory that the engine still works on ends the process
      await context.dispose();
      await model.dispose();
    },
  };
};
