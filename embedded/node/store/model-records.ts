import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What a model is made of besides its weights. */
export interface ModelSettings {
  /** In Ollama's notation; undefined = the one in the weights' own file. */
  readonly template?: string;
  readonly system?: string;
  /** Options that hold where a request says nothing. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly license?: readonly string[];
  /** The model it was made from. */
  readonly parent?: string;
}

/** A model that was pulled, created or copied. */
export interface ModelRecord extends ModelSettings {
  readonly name: string;
  /** Of the library's manifest, or of this record: nodes with equal content give equal digests. */
  readonly digest: string;
  /** SHA-256 of the weights. */
  readonly weights: string;
  /** All of it, bytes. */
  readonly size: number;
}

export interface StoredRecord {
  readonly record: ModelRecord;
  readonly modifiedMs: number;
}

const suffix = ".json";

/** Digest of a model that no library named. */
export const digestOfContent = (content: Omit<ModelRecord, "name" | "digest">): string => {
  const { weights, template, system, parameters, license } = content;
  const sorted = Object.entries(parameters ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([weights, template, system, sorted, license]))
    .digest("hex");
};

/** One small file a model, replaced as a whole. */
export interface ModelRecords {
  readonly list: () => Promise<readonly StoredRecord[]>;
  readonly save: (record: ModelRecord) => Promise<void>;
  /** @param key the name in lower case */
  readonly remove: (key: string) => Promise<void>;
}

export const createModelRecords = (modelsDir: string): ModelRecords => {
  const dir = join(modelsDir, "records");
  const pathOf = (key: string): string => join(dir, `${encodeURIComponent(key)}${suffix}`);

  const read = async (file: string): Promise<StoredRecord | undefined> => {
    try {
      const path = join(dir, file);
      const [text, { mtimeMs }] = await Promise.all([readFile(path, "utf8"), stat(path)]);
      return { record: JSON.parse(text) as ModelRecord, modifiedMs: mtimeMs };
    } catch {
      return undefined; // just removed, or damaged: the others must still be listed
    }
  };

  return {
    list: async () => {
      const files = await readdir(dir).catch(() => []);
      const records = await Promise.all(files.filter((file) => file.endsWith(suffix)).map(read));
      return records.filter((record) => record !== undefined);
    },
    save: async (record) => {
      await mkdir(dir, { recursive: true });
      const path = pathOf(record.name.toLowerCase());
      const part = `${path}.${String(process.pid)}.part`;
      await writeFile(part, `${JSON.stringify(record, null, 2)}\n`);
      await rename(part, path);
    },
    remove: (key) => rm(pathOf(key), { force: true }),
  };
};
