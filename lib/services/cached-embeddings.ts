import type { CachedKind } from "../core/cache/cached-kinds.ts";
import type { EmbeddingSpace } from "../core/balancing/embedding-space.ts";
import { packedVector, unpackedVector } from "../core/cache/packed-vector.ts";
import { AppError } from "../core/errors/app-error.ts";
import { isBulk } from "../core/scheduling/work-class.ts";
import type { Embeddings, LocalModels, ModelCall } from "../local-models.ts";
import type { CacheOptions, TieredCache } from "./tiered-cache.ts";

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
      const read = (more: CacheOptions = {}) =>
        cache.read(kind, texts.map(about), { ...options, ...more });
      const { stored, make } = await lookedUp(models, read, texts, call);
      call.signal.throwIfAborted();
      const known = sameLength(
        stored.map((bytes) => (bytes === null ? null : unpackedVector(bytes))),
      );
      const missing = texts.filter((_, place) => known[place] === null);
      const made = await make(missing);
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

interface LookedUp {
  readonly stored: readonly (Uint8Array | null)[];
  readonly make: (missing: readonly string[]) => Promise<Embeddings | null>;
}

async function lookedUp(
  models: LocalModels,
  read: (options?: CacheOptions) => Promise<LookedUp["stored"]>,
  texts: readonly string[],
  call: ModelCall,
): Promise<LookedUp> {
  const make = (missing: readonly string[]) => madeNow(models, missing, call);
  if (texts.length !== 1 || isBulk(call.class)) return { stored: await read(), make };
  const ahead = begunAhead(models, texts, call);
  const stored = await Promise.race([read({ onSlow: ahead.begin }), ahead.isMade]);
  return {
    stored,
    make: (missing) => {
      if (missing.length === 0) ahead.leave();
      return ahead.made() ?? make(missing);
    },
  };
}

/**
 * For one text that somebody waits for: a node is asked at the same time as the database, and the first of them counts. Most questions are
 * new, and the database is at something else when they come.
 */
function begunAhead(models: LocalModels, texts: readonly string[], call: ModelCall) {
  const left = new AbortController();
  const isMade = Promise.withResolvers<readonly null[]>();
  let made: Promise<Embeddings> | null = null;
  return {
    begin: (): void => {
      const signal = AbortSignal.any([call.signal, left.signal]);
      made = models.embed(texts, { ...call, signal }).then(rounded);
      // Without a node the database may still have it.
      made.then(
        () => {
          isMade.resolve(texts.map(() => null));
        },
        () => undefined,
      );
    },
    /** Nothing of the cache, once the node was first. */
    isMade: isMade.promise,
    /** `null` = not begun, or no longer wanted. */
    made: () => (left.signal.aborted ? null : made),
    leave: (): void => {
      left.abort(new AppError("conflict", { reason: "the vector was kept" }));
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
