import type { LocalModels } from "#lib/local-models.ts";

export type Embedder = Pick<LocalModels, "embed">;

const dimension = 64;

/** Words hashed into a few dimensions: equal words make near vectors, and no node is needed. */
function hashedVector(text: string): number[] {
  const vector = new Array<number>(dimension).fill(0);
  for (const word of text.toLowerCase().match(/\p{L}+|\p{N}+/gu) ?? []) {
    let hash = 7;
    for (const character of word) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
    vector[hash % dimension] = (vector[hash % dimension] ?? 0) + 1;
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

export const hashingEmbedder: Embedder = {
  embed: (inputs) =>
    Promise.resolve({
      vectors: inputs.map(hashedVector),
      space: { model: "hashing", engine: "test", digest: "1", dimension },
    }),
};
