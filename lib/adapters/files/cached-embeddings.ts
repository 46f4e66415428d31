import { createHash } from "node:crypto";
import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { EmbeddingSpace } from "../../ports/chunk-search.ts";

const hashBytes = 32;

const keyOf = (text: string): Buffer => createHash("sha256").update(text).digest();

export interface EmbeddingCache {
  get(text: string): readonly number[] | undefined;
  add(texts: readonly string[], vectors: readonly (readonly number[])[]): Promise<void>;
}

/**
 * Vectors of one space in one file, by the hash of their text, so that measuring twice embeds once: records of SHA-256 and the
 * values as 32-bit floats. A record that was cut off by a crash is ignored.
 */
export async function openEmbeddingCache(
  folder: string,
  space: EmbeddingSpace,
): Promise<EmbeddingCache> {
  const { model, engine, digest, dimension } = space;
  const name = createHash("sha256")
    .update(JSON.stringify([model, engine, digest]))
    .digest("hex");
  const path = `${folder}/${name.slice(0, 16)}-${String(dimension)}.vectors`;
  await mkdir(dirname(path), { recursive: true });
  const bytes = await readFile(path).catch(() => Buffer.alloc(0));
  const recordBytes = hashBytes + dimension * 4;
  const known = new Map<string, readonly number[]>();
  for (let at = 0; at + recordBytes <= bytes.length; at += recordBytes) {
    const key = bytes.subarray(at, at + hashBytes).toString("hex");
    const values = bytes.buffer.slice(
      bytes.byteOffset + at + hashBytes,
      bytes.byteOffset + at + recordBytes,
    );
    known.set(key, Array.from(new Float32Array(values)));
  }
  return {
    get: (text) => known.get(keyOf(text).toString("hex")),
    async add(texts, vectors) {
      const records = texts.flatMap((text, place) => {
        const values = Float32Array.from(vectors[place] ?? []);
        if (values.length !== dimension) return [];
        known.set(keyOf(text).toString("hex"), Array.from(values));
        return [keyOf(text), Buffer.from(values.buffer)];
      });
      await appendFile(path, Buffer.concat(records));
    },
  };
}
