import type { Llama, LlamaModel } from "node-llama-cpp";
import { createFifoSlots } from "./fifo-slots.ts";

export interface ContextOptions {
  readonly path: string;
  /** Longest input, tokens with the model's own marks. */
  readonly numCtx: number;
  readonly threads: number;
  readonly fileBytes: number;
}

/** What the engine is told of a context that reads whole inputs and writes nothing. */
export interface ReadingContextOptions {
  readonly contextSize: number;
  readonly batchSize: number;
  readonly threads: number;
  readonly ignoreMemorySafetyChecks: true;
}

/** A model with one context that is asked one thing at a time. */
export interface OneAtATime<C> {
  readonly model: LlamaModel;
  readonly context: C;
  /** Waits for its turn and leaves the queue at once on abort; what has begun is finished. */
  readonly inTurn: <T>(signal: AbortSignal, ask: () => Promise<T>) => Promise<T>;
  readonly dispose: () => Promise<void>;
}

/** The engine wants a window one token larger than the longest input. */
const spareTokens = 1;

export async function loadOneAtATime<C extends { readonly dispose: () => Promise<void> }>(
  llama: Llama,
  { path, numCtx, threads }: ContextOptions,
  createContext: (model: LlamaModel, options: ReadingContextOptions) => Promise<C>,
): Promise<OneAtATime<C>> {
  const model = await llama.loadModel({ modelPath: path, ignoreMemorySafetyChecks: true });
  const context = await createContext(model, {
    contextSize: numCtx + spareTokens,
    batchSize: numCtx,
    threads,
    ignoreMemorySafetyChecks: true,
  });
  const queue = createFifoSlots(["only"]);
  return {
    model,
    context,
    async inTurn(signal, ask) {
      const slot = await queue.take(signal);
      try {
        return await ask();
      } finally {
        queue.giveBack(slot);
      }
    },
    async dispose() {
      await queue.close(); // freeing memory that the engine still works on ends the process
      await context.dispose();
      await model.dispose();
    },
  };
}
