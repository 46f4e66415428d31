import type { Llama } from "node-llama-cpp";
import type { loadChatRunner } from "./chat-runner.ts";
import type { loadEmbedRunner } from "./embed-runner.ts";
import type { InstalledModel } from "./installed-models.ts";
import type { ModelRunner } from "./loaded-entries.ts";
import { largestBatchTokens } from "./prefill-pace.ts";
import type { loadRankRunner } from "./rank-runner.ts";

interface Engine {
  readonly llama: Llama;
  readonly loadChatRunner: typeof loadChatRunner;
  readonly loadEmbedRunner: typeof loadEmbedRunner;
  readonly loadRankRunner: typeof loadRankRunner;
}

/** A model's own num_batch can only make the pieces of a prompt smaller than the engine's best. */
const numBatchOf = ({ parameters }: InstalledModel): number =>
  Math.max(1, Number(parameters["num_batch"] ?? largestBatchTokens));

const startEngine = async (): Promise<Engine> => {
  const [native, chat, embed, rank] = await Promise.all([
    import("node-llama-cpp"),
    import("./chat-runner.ts"),
    import("./embed-runner.ts"),
    import("./rank-runner.ts"),
  ]);
  const llama = await native.getLlama({
    gpu: false,
    build: "never",
    skipDownload: true,
    progressLogs: false,
    logLevel: native.LlamaLogLevel.error,
    maxThreads: 0, // no sharing out: an embedding must not wait for another model's batch
  });
  return {
    llama,
    loadChatRunner: chat.loadChatRunner,
    loadEmbedRunner: embed.loadEmbedRunner,
    loadRankRunner: rank.loadRankRunner,
  };
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
    switch (model.details.purpose) {
      case "completion":
        return engine.loadChatRunner(engine.llama, options);
      case "embedding":
        return engine.loadEmbedRunner(engine.llama, options);
      case "rerank":
        return engine.loadRankRunner(engine.llama, options);
    }
  };
};
