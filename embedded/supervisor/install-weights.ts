import type { Config } from "../../lib/config.ts";
import { installModels } from "../node/install-models.ts";

const sayEveryMs = 2_000;

const megabytes = (bytes: number): string => `${String(Math.round(bytes / 1e6))} MB`;

/** Installs the weights of both models where they are missing, with a line of progress every two seconds. */
export async function installWeights(
  config: Config,
  say: (sentence: string) => void,
  signal: AbortSignal,
): Promise<void> {
  let saidAtMs = Date.now();
  let saidAbout = "";
  let lastLine = "";
  const { installed } = await installModels({
    modelsDir: config.modelsDir,
    models: [config.chatModel, config.embedModel],
    signal,
    ...(config.modelLibrary === undefined ? {} : { libraryUrl: config.modelLibrary }),
    onProgress: ({ model, phase, bytes, totalBytes, secondsLeft }) => {
      const about = `${model} ${phase}`;
      if (about === saidAbout && Date.now() - saidAtMs < sayEveryMs) return;
      saidAtMs = Date.now();
      saidAbout = about;
      const size =
        totalBytes === undefined ? "" : ` ${megabytes(bytes)} of ${megabytes(totalBytes)}`;
      const rest = secondsLeft === undefined ? "" : `, ${String(secondsLeft)} s left`;
      const line = `  model ${model}: ${phase}${size}${rest}`;
      if (line !== lastLine) say(line);
      lastLine = line;
    },
  });
  if (installed.length > 0) say(`Installed the models ${installed.join(" and ")}.`);
}
