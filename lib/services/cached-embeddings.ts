import type { CachedKind } from "../core/cache/cached-kinds.ts";
import type { EmbeddingSpace } from "../core/balancing/embedding-space.ts";
import { packedVector, unpackedVector } from "../core/cache/packed-vector.ts";
import { isBulk } from "../core/scheduling/work-class.ts";
import type { Embeddings, LocalModels, ModelCall } from "../local-models.ts";
import type { TieredCache } from "./tiered-cache.ts";

type Vectors = readonly (readonly number[])[];

/**
 * The same models, whose vectors are computed once for each text and each state of the weights. Values are rounded to what the
 * database holds (32 bits) whether or not they come from the cache, so that nothing can tell the two apart.
 */
export function withCachedEmbeddings(
  models: LocalModels,
  cache: TieredCache,
  kind: Extract<CachedKind, "embedding" | "sentence">,
): LocalModels {
  return {
    ...models,
    async embed(inputs, call) {
      const engine = models.embeddingEngine();
      // Weights that nobody can name may change unseen.
      if (engine === null || engine.digest === "") return rounded(await models.embed(inputs, call));
      const { model, digest } = engine;
      const about = (text: string) => JSON.stringify([model, digest, engine.engine, text]);
      const options = { leavesMemoryAlone: isBulk(call.class) };
      const texts = [...new Set(inputs)];
      const stored = await cache.read(kind, texts.map(about), options);
      call.signal.throwIfAborted();
      const known = sameLength(
        stored.map((bytes) => (bytes === null ? null : unpackedVector(bytes))),
      );
      const missing = texts.filter((_, place) => known[place] === null);
      const made = await madeNow(models, missing, call);
      // The weights changed meanwhile: vectors of two spaces never mix.
      if (made !== null && !isOfOneSpace(made, engine, known))
        return rounded(await models.embed(inputs, call));
      const fresh = new Map(missing.map((text, place) => [text, made?.vectors[place] ?? []]));
      const values = [...fresh].map(([text, vector]) => ({
        ...{ about: about(text), value: packedVector(vector) },
      }));
      cache.write(kind, values, options);
      const byText = new Map(
        texts.map((text, place) => [text, known[place] ?? fresh.get(text) ?? []]),
      );
      const vectors = inputs.map((text) => byText.get(text) ?? []);
      const space = { ...engine, dimension: vectors[0]?.length ?? 0 };
      return { vectors, space, fromCache: texts.length - missing.length };
    },
  };
}

const isOfOneSpace = (
  { space }: Embeddings,
  engine: Omit<EmbeddingSpace, "dimension">,
  known: readonly (readonly number[] | null)[],
): boolean =>
  space.digest === engine.digest &&
  space.engine === engine.engine &&
  // A vector of another length cannot be of these weights.
  known.every((vector) => vector === null || vector.length === space.dimension);

async function madeNow(
  models: LocalModels,
  texts: readonly string[],
  call: ModelCall,
): Promise<Embeddings | null> {
  return texts.length === 0 ? null : rounded(await models.embed(texts, call));
}

const rounded = ({ vectors, ...rest }: Embeddings): Embeddings => ({
  ...rest,
  vectors: vectors.map((vector) => vector.map(Math.fround)),
});

/** Vectors of one model are of one length: what differs from the first is none of its. */
function sameLength(vectors: readonly (readonly number[] | null)[]): (Vectors[number] | null)[] {
  const length = vectors.find((vector) => vector !== null)?.length;
  return vectors.map((vector) => (vector?.length === length ? vector : null));
}
