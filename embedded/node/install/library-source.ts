import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256OfFile } from "./file-digest.ts";
import { installError, isInstallError, reasonOf } from "./install-error.ts";
import {
  downloadLayer,
  readManifest,
  sha256In,
  sizeOf,
  weightsMediaType,
  wrongChecksum,
} from "./library-client.ts";
import type { LibrarySource } from "./manifest.ts";
import type { SourceContext } from "./source-context.ts";

/**
 * Fetches a model from the library that Ollama pulls from: manifest, then the weights by digest, resumed where an
 * earlier run ended.
 *
 * @returns the digest that the library named and the file has
 * @throws InstallError source_unavailable, checksum_mismatch
 */
export const fetchFromLibrary = async (
  source: LibrarySource,
  context: SourceContext,
  target: string,
): Promise<{ readonly sha256: string }> => {
  const base = `${context.libraryUrl.replace(/\/+$/, "")}/v2/library/${source.model}`;
  const { signal } = context;
  try {
    const { layers } = await readManifest(base, source.tag, signal);
    const layer = layers.find(({ mediaType }) => mediaType === weightsMediaType);
    if (layer === undefined)
      throw installError("source_unavailable", "the model library's answer names no weights");
    const sha256 = sha256In(layer.digest);
    const part = join(context.stagingDir, `${sha256}.part`);
    const onBytes = context.progress.start("download", layer.size, await sizeOf(part));
    await downloadLayer(base, layer, part, { onBytes, ...(signal && { signal }) });
    if ((await sha256OfFile(part, signal)) !== sha256) {
      await rm(part, { force: true });
      throw wrongChecksum();
    }
    await rename(part, target);
    return { sha256 };
  } catch (error) {
    signal?.throwIfAborted();
    if (isInstallError(error, "unknown_model"))
      throw installError("source_unavailable", "the model library answered 404", error);
    if (isInstallError(error)) throw error;
    throw installError(
      "source_unavailable",
      `the model library did not answer (${reasonOf(error)})`,
      error,
    );
  }
};
