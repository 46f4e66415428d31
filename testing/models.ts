import { join, resolve } from "node:path";
import { installModels } from "../embedded/node/install-models.ts";

const repository = resolve(import.meta.dirname, "..");

/** Folder of the weights that the product and its tests share. */
const testModelsDir = process.env["DROVER_MODELS_DIR"] ?? join(repository, ".drover", "models");

/**
 * Installs the real weights where they are missing; with them in place it only looks at their size and time.
 *
 * @returns the folder to start an embedded node with
 * @throws InstallError with a line that says what to do
 */
export const ensureTestModels = async (): Promise<string> => {
  const libraryUrl = process.env["DROVER_MODEL_LIBRARY"];
  await installModels({
    modelsDir: testModelsDir,
    ...(libraryUrl === undefined ? {} : { libraryUrl }),
  });
  return testModelsDir;
};
