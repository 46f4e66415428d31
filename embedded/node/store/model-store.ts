import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { nodeError } from "../engine/node-error.ts";
import { withInstallLock } from "../install/install-lock.ts";
import { readStamp } from "../install/installed-stamp.ts";
import type { InstalledStamp } from "../install/installed-stamp.ts";
import { createBlobStore } from "./blob-store.ts";
import type { BlobStore, BlobStoreOptions } from "./blob-store.ts";
import { createModelRecords, digestOfContent } from "./model-records.ts";
import type { ModelRecord, ModelRecords, ModelSettings } from "./model-records.ts";

/** A model of this folder, however it came there. */
export interface StoredModel {
  readonly record: ModelRecord;
  readonly path: string;
  readonly modifiedMs: number;
  /** Installed by Drover itself from its manifest, its checksum pinned there. */
  readonly pinned: boolean;
}

/** The models of a folder, which several nodes may share: what changes it is locked, what reads it is not. */
export interface ModelStore {
  readonly blobs: BlobStore;
  readonly list: () => Promise<readonly StoredModel[]>;
  /** @param key the name in lower case, with its tag */
  readonly find: (key: string) => Promise<StoredModel | undefined>;
  /** Where the weights with this checksum are, wherever they came from. */
  readonly findWeights: (sha256: string) => Promise<string | undefined>;
  /** Makes or replaces a model whose weights are here. @throws NodeError 400 when they are not */
  readonly save: (
    record: Omit<ModelRecord, "digest"> & { readonly digest?: string },
  ) => Promise<void>;
  /** Takes the model away, and its weights when no other model uses them. */
  readonly remove: (key: string) => Promise<void>;
  /** Takes away what no model uses. */
  readonly prune: () => Promise<void>;
}

const stampSuffix = ".gguf.json";

/** Settings only, for a model made from another. */
export const settingsOf = ({
  template,
  system,
  parameters,
  license,
}: ModelRecord): Omit<ModelSettings, "parent"> => ({
  ...(template === undefined ? {} : { template }),
  ...(system === undefined ? {} : { system }),
  ...(parameters === undefined ? {} : { parameters }),
  ...(license === undefined ? {} : { license }),
});

const stampsIn = async (modelsDir: string): Promise<readonly InstalledStamp[]> => {
  const entries = await readdir(modelsDir).catch(() => []);
  const files = entries
    .filter((entry) => entry.endsWith(stampSuffix))
    .map((entry) => entry.slice(0, -".json".length));
  const stamps = await Promise.all(files.map((file) => readStamp(modelsDir, file)));
  return stamps.filter((stamp) => stamp !== undefined);
};

const ofStamp = (modelsDir: string, stamp: InstalledStamp): StoredModel => ({
  record: { name: stamp.name, digest: stamp.sha256, weights: stamp.sha256, size: stamp.size },
  path: join(modelsDir, stamp.file),
  modifiedMs: stamp.mtimeMs,
  pinned: true,
});

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** What can be read without a lock. */
const createReader = (
  modelsDir: string,
  blobs: BlobStore,
  records: ModelRecords,
): Pick<ModelStore, "list" | "find" | "findWeights"> => {
  const pathOfWeights = async (
    sha256: string,
    stamps: readonly InstalledStamp[],
  ): Promise<string | undefined> => {
    const stamp = stamps.find((candidate) => candidate.sha256 === sha256);
    if (stamp !== undefined) return join(modelsDir, stamp.file);
    const path = blobs.pathOf(sha256);
    return (await exists(path)) ? path : undefined;
  };

  const list = async (): Promise<readonly StoredModel[]> => {
    const [stored, stamps] = await Promise.all([records.list(), stampsIn(modelsDir)]);
    const recorded = await Promise.all(
      stored.map(async ({ record, modifiedMs }): Promise<StoredModel | undefined> => {
        const path = await pathOfWeights(record.weights, stamps);
        return path === undefined ? undefined : { record, path, modifiedMs, pinned: false };
      }),
    );
    const models = recorded.filter((model) => model !== undefined);
    const names = new Set(models.map(({ record }) => record.name.toLowerCase()));
    const pinned = stamps.filter(({ name }) => !names.has(name.toLowerCase()));
    return [...models, ...pinned.map((stamp) => ofStamp(modelsDir, stamp))];
  };

  return {
    list,
    find: async (key) => (await list()).find(({ record }) => record.name.toLowerCase() === key),
    findWeights: async (sha256) => pathOfWeights(sha256, await stampsIn(modelsDir)),
  };
};

export const createModelStore = (options: BlobStoreOptions): ModelStore => {
  const { modelsDir } = options;
  const blobs = createBlobStore(options);
  const records = createModelRecords(modelsDir);
  const reader = createReader(modelsDir, blobs, records);

  /** Changes come one after another, over all nodes that share the folder. */
  const change = <T>(work: () => Promise<T>): Promise<T> =>
    withInstallLock(join(modelsDir, "records"), work);

  const isUsed = async (sha256: string): Promise<boolean> =>
    (await records.list()).some(({ record }) => record.weights === sha256);

  /** Drover's own file goes; where another model uses its weights they stay as a blob. */
  const removePinned = async (key: string): Promise<void> => {
    const stamp = (await stampsIn(modelsDir)).find(({ name }) => name.toLowerCase() === key);
    if (stamp === undefined) return;
    const path = join(modelsDir, stamp.file);
    if (await isUsed(stamp.sha256)) {
      await blobs.partOf(stamp.sha256); // makes the folder
      await rename(path, blobs.pathOf(stamp.sha256));
    } else await rm(path, { force: true });
    await rm(`${path}.json`, { force: true });
  };

  return {
    ...reader,
    blobs,
    save: (record) =>
      change(async () => {
        if ((await reader.findWeights(record.weights)) === undefined)
          throw nodeError(400, `blob sha256:${record.weights} is not on this node: send it first`);
        await records.save({ ...record, digest: record.digest ?? digestOfContent(record) });
      }),
    remove: (key) =>
      change(async () => {
        const found = await reader.find(key);
        await records.remove(key);
        await removePinned(key);
        if (found !== undefined && !(await isUsed(found.record.weights)))
          await blobs.remove(found.record.weights);
      }),
    prune: () =>
      change(async () => {
        const used = new Set((await records.list()).map(({ record }) => record.weights));
        await blobs.prune((sha256) => used.has(sha256));
      }),
  };
};
