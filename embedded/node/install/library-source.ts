import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { rename, rm } from "node:fs/promises";
import { sha256OfFile } from "./file-digest.ts";
import { installError, isInstallError, reasonOf } from "./install-error.ts";
import type { LibrarySource } from "./manifest.ts";
import type { SourceContext } from "./source-context.ts";

interface LibraryLayer {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

const modelMediaType = "application/vnd.ollama.image.model";
const digestPattern = /^sha256:([0-9a-f]{64})$/;

const answerOf = async (url: string, init: RequestInit): Promise<Response> => {
  const response = await fetch(url, init);
  if (!response.ok)
    throw installError(
      "source_unavailable",
      `the model library answered ${String(response.status)}`,
    );
  return response;
};

const findWeights = async (
  base: string,
  tag: string,
  signal?: AbortSignal,
): Promise<LibraryLayer> => {
  const url = `${base}/manifests/${encodeURIComponent(tag)}`;
  const response = await answerOf(url, signal ? { signal } : {});
  const manifest = (await response.json()) as { readonly layers?: readonly LibraryLayer[] };
  const layer = manifest.layers?.find(({ mediaType }) => mediaType === modelMediaType);
  if (layer === undefined || !digestPattern.test(layer.digest))
    throw installError("source_unavailable", "the model library's answer names no weights");
  return layer;
};

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

/** Appends to what an earlier run left; a server that ignores Range sends everything, and the file begins anew. */
const downloadBlob = async (
  url: string,
  layer: LibraryLayer,
  part: string,
  context: SourceContext,
): Promise<void> => {
  const have = await sizeOf(part);
  if (have === layer.size) return;
  const headers = have > 0 ? { range: `bytes=${String(have)}-` } : {};
  const response = await answerOf(url, {
    headers,
    ...(context.signal && { signal: context.signal }),
  });
  const resumes = response.status === 206;
  let bytes = resumes ? have : 0;
  const report = context.progress.start("download", layer.size, bytes);
  if (response.body === null)
    throw installError("source_unavailable", "the model library sent nothing");
  await pipeline(
    response.body,
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        bytes += chunk.byteLength;
        report(bytes);
        yield chunk;
      }
    },
    createWriteStream(part, { flags: resumes ? "a" : "w" }),
    context.signal === undefined ? {} : { signal: context.signal },
  );
};

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
  try {
    const layer = await findWeights(base, source.tag, context.signal);
    const sha256 = layer.digest.slice("sha256:".length);
    const part = join(context.stagingDir, `${sha256}.part`);
    await downloadBlob(`${base}/blobs/${layer.digest}`, layer, part, context);
    if ((await sha256OfFile(part, context.signal)) !== sha256) {
      await rm(part, { force: true });
      throw installError(
        "checksum_mismatch",
        "what the model library sent does not have the checksum it names",
      );
    }
    await rename(part, target);
    return { sha256 };
  } catch (error) {
    context.signal?.throwIfAborted();
    if (isInstallError(error)) throw error;
    throw installError(
      "source_unavailable",
      `the model library did not answer (${reasonOf(error)})`,
      error,
    );
  }
};
