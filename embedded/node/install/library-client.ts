import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { installError } from "./install-error.ts";

/** The library that Ollama pulls from, where no setting names another. */
export const publicLibraryUrl = "https://registry.ollama.ai";

/** One file of a model in a library. */
export interface LibraryLayer {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export interface LibraryManifest {
  /** SHA-256 of the manifest itself: what Ollama lists as the model's digest. */
  readonly digest: string;
  readonly layers: readonly LibraryLayer[];
}

export const weightsMediaType = "application/vnd.ollama.image.model";
const manifestType = "application/vnd.docker.distribution.manifest.v2+json";
const digestPattern = /^sha256:([0-9a-f]{64})$/;
/** Manifests, templates, licences: whatever is read into memory. */
const mostTextBytes = 1024 * 1024;

const sha256Of = (text: Uint8Array): string => createHash("sha256").update(text).digest("hex");

/** Checksum that a digest names. @throws InstallError source_unavailable for anything that is none: it becomes part of a path */
export const sha256In = (digest: string): string => {
  const sha256 = digestPattern.exec(digest)?.[1];
  if (sha256 === undefined)
    throw installError("source_unavailable", "the model library's answer names no digest");
  return sha256;
};

const answerOf = async (url: string, init: RequestInit): Promise<Response> => {
  const response = await fetch(url, init);
  if (response.ok) return response;
  await response.body?.cancel();
  if (response.status === 404) throw installError("unknown_model", "file does not exist");
  throw installError("source_unavailable", `the model library answered ${String(response.status)}`);
};

const readBounded = async (response: Response): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > mostTextBytes)
      throw installError("source_unavailable", "the model library's answer is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const isLayer = (value: unknown): value is LibraryLayer => {
  const { mediaType, digest, size } = (value ?? {}) as Partial<Record<keyof LibraryLayer, unknown>>;
  return (
    typeof mediaType === "string" &&
    typeof digest === "string" &&
    digestPattern.test(digest) &&
    Number.isSafeInteger(size) &&
    Number(size) >= 0
  );
};

/**
 * What a model is made of.
 *
 * @param base address of the model: library, `v2`, namespace and model
 * @throws InstallError unknown_model, source_unavailable
 */
export const readManifest = async (
  base: string,
  tag: string,
  signal?: AbortSignal,
): Promise<LibraryManifest> => {
  const response = await answerOf(`${base}/manifests/${encodeURIComponent(tag)}`, {
    headers: { accept: manifestType },
    ...(signal && { signal }),
  });
  const bytes = await readBounded(response);
  const { layers } = JSON.parse(bytes.toString("utf8")) as { readonly layers?: unknown };
  if (!Array.isArray(layers) || !layers.every(isLayer))
    throw installError("source_unavailable", "the model library's answer is no manifest");
  return { digest: sha256Of(bytes), layers };
};

/** A layer that is text. @throws InstallError checksum_mismatch, source_unavailable */
export const readTextLayer = async (
  base: string,
  layer: LibraryLayer,
  signal?: AbortSignal,
): Promise<string> => {
  const response = await answerOf(`${base}/blobs/${layer.digest}`, signal ? { signal } : {});
  const bytes = await readBounded(response);
  if (sha256Of(bytes) !== sha256In(layer.digest)) throw wrongChecksum();
  return bytes.toString("utf8");
};

export const wrongChecksum = (): Error =>
  installError(
    "checksum_mismatch",
    "what the model library sent does not have the checksum it names",
  );

export const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

/**
 * Appends to what an earlier run left in `part`; a server that ignores Range sends everything, and the file begins anew.
 *
 * @param watch told how many bytes are there, from what an earlier run left on
 */
export const downloadLayer = async (
  base: string,
  layer: LibraryLayer,
  part: string,
  watch: { readonly onBytes: (bytes: number) => void; readonly signal?: AbortSignal },
): Promise<void> => {
  const { signal, onBytes } = watch;
  const have = await sizeOf(part);
  if (have === layer.size) return;
  const headers = have > 0 ? { range: `bytes=${String(have)}-` } : {};
  const response = await answerOf(`${base}/blobs/${layer.digest}`, {
    headers,
    ...(signal && { signal }),
  });
  const resumes = response.status === 206;
  let bytes = resumes ? have : 0;
  onBytes(bytes);
  if (response.body === null)
    throw installError("source_unavailable", "the model library sent nothing");
  await pipeline(
    response.body,
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        bytes += chunk.byteLength;
        if (bytes > layer.size) throw wrongChecksum();
        onBytes(bytes);
        yield chunk;
      }
    },
    createWriteStream(part, { flags: resumes ? "a" : "w" }),
    signal === undefined ? {} : { signal },
  );
};
