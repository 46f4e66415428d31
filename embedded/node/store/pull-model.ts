import { rename, rm } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import type { ModelName } from "../engine/model-name.ts";
import { isNodeError, nodeError } from "../engine/node-error.ts";
import { sha256OfFile } from "../install/file-digest.ts";
import { isInstallError, reasonOf } from "../install/install-error.ts";
import { withInstallLock } from "../install/install-lock.ts";
import {
  downloadLayer,
  readManifest,
  readTextLayer,
  sha256In,
  sizeOf,
  weightsMediaType,
  wrongChecksum,
} from "../install/library-client.ts";
import type { LibraryLayer, LibraryManifest } from "../install/library-client.ts";
import { nameDiskFull } from "./blob-store.ts";
import type { ModelSettings } from "./model-records.ts";
import type { ModelStore } from "./model-store.ts";

/** A line of a pull's progress, worded as Ollama words it. */
export interface PullStatus {
  readonly status: string;
  readonly digest?: string;
  readonly total?: number;
  readonly completed?: number;
}

export interface PullPlan {
  readonly store: ModelStore;
  /** Address of the model library. */
  readonly libraryUrl: string;
  readonly name: ModelName;
  readonly signal: AbortSignal;
}

const reportEveryMs = 100;
const shownDigits = 12;

const textTypes: Readonly<Record<string, "template" | "system" | "params" | "license">> = {
  "application/vnd.ollama.image.template": "template",
  "application/vnd.ollama.image.system": "system",
  "application/vnd.ollama.image.params": "params",
  "application/vnd.ollama.image.license": "license",
};

const progressOf = (layer: LibraryLayer, completed: number): PullStatus => {
  const { digest, size: total } = layer;
  const status = `pulling ${sha256In(digest).slice(0, shownDigits)}`;
  return { status, digest, total, ...(completed > 0 ? { completed } : {}) };
};

/** Downloads, verifies and takes in the weights; only one at a time over all nodes of the folder. */
const takeIn = async (
  { store, signal }: PullPlan,
  base: string,
  layer: LibraryLayer,
  onBytes: (bytes: number) => void,
): Promise<void> => {
  const sha256 = sha256In(layer.digest);
  const part = await store.blobs.partOf(sha256);
  await withInstallLock(
    `${part}.lock`,
    async () => {
      if ((await store.findWeights(sha256)) !== undefined) return;
      await store.blobs.requireRoom(layer.size - (await sizeOf(part)));
      await downloadLayer(base, layer, part, { onBytes, signal });
      if ((await sha256OfFile(part, signal)) !== sha256) {
        await rm(part, { force: true });
        throw wrongChecksum();
      }
      await rename(part, store.blobs.pathOf(sha256));
    },
    signal,
  );
};

/** Tells how far the weights are while they come, whoever fetches them. */
async function* weightsProgress(
  plan: PullPlan,
  base: string,
  layer: LibraryLayer,
): AsyncGenerator<PullStatus> {
  const sha256 = sha256In(layer.digest);
  if ((await plan.store.findWeights(sha256)) !== undefined) {
    yield progressOf(layer, layer.size);
    return;
  }
  let completed = 0;
  let told = -1;
  const stop = new AbortController();
  const work = takeIn(plan, base, layer, (bytes) => {
    completed = bytes;
  }).finally(() => {
    stop.abort();
  });
  work.catch(() => undefined); // its failure is met below
  const part = await plan.store.blobs.partOf(sha256);
  while (!stop.signal.aborted) {
    if (completed === 0) completed = await sizeOf(part); // another node's download, or an earlier one's rest
    if (completed !== told) yield progressOf(layer, completed);
    told = completed;
    await wait(reportEveryMs, undefined, { signal: stop.signal }).catch(() => undefined);
  }
  await work;
  yield progressOf(layer, layer.size);
}

const settingsFrom = async (
  layers: readonly LibraryLayer[],
  base: string,
  signal: AbortSignal,
): Promise<ModelSettings> => {
  const license: string[] = [];
  const settings: { template?: string; system?: string; parameters?: Record<string, unknown> } = {};
  for (const layer of layers) {
    const kind = textTypes[layer.mediaType];
    if (kind === undefined) continue;
    const text = await readTextLayer(base, layer, signal);
    if (kind === "license") license.push(text);
    else if (kind === "params") settings.parameters = JSON.parse(text) as Record<string, unknown>;
    else settings[kind] = text;
  }
  return { ...settings, ...(license.length === 0 ? {} : { license }) };
};

const unsupported = (layers: readonly LibraryLayer[]): LibraryLayer | undefined =>
  layers.find(({ mediaType }) => /\.(adapter|projector)$/.test(mediaType));

const weightsOf = ({ layers }: LibraryManifest): LibraryLayer => {
  const other = unsupported(layers);
  if (other !== undefined)
    throw nodeError(500, `this embedded node cannot run models with a ${other.mediaType}`);
  const weights = layers.filter(({ mediaType }) => mediaType === weightsMediaType);
  const [first] = weights;
  if (first === undefined || weights.length > 1)
    throw nodeError(500, "the model library's answer does not name one file of weights");
  return first;
};

/** Says what failed as Ollama does; errors of this node's own keep their text. */
const worded = (error: unknown, plan: PullPlan, url: string): unknown => {
  plan.signal.throwIfAborted();
  const named = nameDiskFull(error);
  if (isNodeError(named)) return named;
  if (isInstallError(error, "unknown_model"))
    return nodeError(500, `pull model manifest: ${error.message}`);
  if (isInstallError(error)) return nodeError(500, error.message);
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return nodeError(500, `pull model manifest: Get ${JSON.stringify(url)}: ${reasonOf(cause)}`);
};

/**
 * Fetches a model from the library: its manifest, the weights by digest (resumed where an earlier run ended), its template
 * and parameters. The model appears when all of it is there and verified, never before.
 *
 * @throws NodeError 500: no answer, unknown model, wrong checksum, disk full; the signal's reason on abort
 */
export async function* pullModel(plan: PullPlan): AsyncGenerator<PullStatus> {
  const { store, name, signal } = plan;
  const base = `${plan.libraryUrl.replace(/\/+$/, "")}/v2/${name.namespace}/${name.model}`;
  yield { status: "pulling manifest" };
  const present = await store.find(name.key);
  // What Drover installs by itself is pinned by checksum: it is here and right, with or without a library.
  if (present?.pinned !== true) {
    try {
      const manifest = await readManifest(base, name.tag, signal);
      const weights = weightsOf(manifest);
      yield* weightsProgress(plan, base, weights);
      const settings = await settingsFrom(manifest.layers, base, signal);
      yield { status: "verifying sha256 digest" };
      yield { status: "writing manifest" };
      await store.save({
        name: name.short,
        digest: manifest.digest,
        weights: sha256In(weights.digest),
        size: manifest.layers.reduce((sum, { size }) => sum + size, 0),
        ...settings,
      });
    } catch (error) {
      throw worded(error, plan, `${base}/manifests/${name.tag}`);
    }
  }
  yield { status: "success" };
}
