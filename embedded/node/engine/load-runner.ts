import type { Llama } from "node-llama-cpp";
import type { loadChatRunner } from "./chat-runner.ts";
import type { loadEmbedRunner } from "./embed-runner.ts";
import type { InstalledModel } from "./installed-models.ts";
import type { ModelRunner } from "./loaded-entries.ts";
import { largestBatchTokens } from "./prefill-pace.ts";

interface Engine {
  readonly llama: Llama;
  readonly loadChatRunner: typeof loadChatRunner;
  readonly loadEmbedRunner: typeof loadEmbedRunner;
}

/** A model's own num_batch can only make the pieces of a prompt smaller than the engine's best. */
const numBatchOf = ({ parameters }: InstalledModel): number =>
  Math.max(1, Number(parameters["num_batch"] ?? largestBatchTokens));

const startEngine = async (): Promise<Engine> => {
  const [native, chat, embed] = await Promise.all([
    import("node-llama-cpp"),
    import("./chat-runner.ts"),
    import("./embed-runner.ts"),
  ]);
  const llama = await native.getLlama({
    gpu: false,
    build: "never",
    skipDownload: true,
    progressLogs: false,
    logLevel: native.LlamaLogLevel.error,
    maxThreads: 0, // no sharing out: an embedding must not wait for another model's batch
  });
  return { llama, loadChatRunner: chat.loadChatRunner, loadEmbedRunner: embed.loadEmbedRunner };
};

/**
 * Loads models on the native engine. The engine itself comes with the first model: measured, a node that holds none
 * takes 68 MB instead of 115.
 */
export const createRunnerLoader = (settings: {
  readonly threads: number;
  readonly parallel: number;
}): ((model: InstalledModel, numCtx: number) => Promise<ModelRunner>) => {
  let starting: Promise<Engine> | undefined;
  return async (model, numCtx) => {
    starting ??= startEngine();
    const engine = await starting.catch((error: unknown) => {
      starting = undefined;
      throw error;
    });
    const options = {
      ...{ path: model.path, numCtx, fileBytes: model.bytes, numBatch: numBatchOf(model) },
      ...{ threads: settings.threads, parallel: settings.parallel },
    };
    return model.details.isEmbedder
      ? engine.loadEmbedRunner(engine.llama, options)
      : engine.loadChatRunner(engine.llama, options);
  };
};
