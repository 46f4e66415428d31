import { tmpdir } from "node:os";
import { join } from "node:path";
import { createChunkSearch } from "../adapters/database/chunk-search.ts";
import { openDatabase } from "../adapters/database/connection.ts";
import { createCorpusLoader } from "../adapters/database/corpus-loader.ts";
import { migrateDatabase } from "../adapters/database/migrate.ts";
import { openEmbeddingCache, type EmbeddingCache } from "../adapters/files/cached-embeddings.ts";
import { createSystemClock } from "../adapters/system/clock.ts";
import type { Config } from "../config.ts";
import { AppError } from "../core/errors/app-error.ts";
import { milliseconds } from "../core/time/milliseconds.ts";
import type { LocalModels, ModelCall } from "../local-models.ts";
import type { Clock } from "../ports/clock.ts";
import type { EmbeddingSpace } from "../ports/chunk-search.ts";
import { createRetrieveChunks } from "../services/retrieve-chunks.ts";
import { composeCluster } from "./cluster.ts";

const nodePatienceMs = 60_000;

/** The models of the configured nodes, watched as in the product. */
export async function openModels(config: Config) {
  const clock = createSystemClock();
  const cluster = composeCluster(config, clock);
  const stopping = new AbortController();
  const watching = cluster.health.run(stopping.signal).catch(() => undefined);
  const { models, space } = await cachedModels(cluster.models, clock);
  return {
    clock,
    models,
    space,
    async close() {
      stopping.abort(new Error("done"));
      await watching;
      await cluster.dispose();
    },
  };
}

const warmUp = (clock: Clock): ModelCall => ({
  class: "ingest",
  client: "evaluate",
  deadline: milliseconds(clock.now() + nodePatienceMs),
  signal: new AbortController().signal,
});

/** What was embedded in an earlier evaluation is read from a file in the folder for temporary files. */
async function cachedModels(
  models: LocalModels,
  clock: Clock,
): Promise<{ readonly models: LocalModels; readonly space: EmbeddingSpace }> {
  const { space } = await firstEmbedding(models, clock);
  const cache = await openEmbeddingCache(join(tmpdir(), "drover-evaluation"), space);
  return {
    space,
    models: {
      ...models,
      embed: async (inputs, call) => {
        const missing = [...new Set(inputs.filter((input) => cache.get(input) === undefined))];
        if (missing.length > 0) await addMissing(models, cache, missing, call);
        return { vectors: inputs.map((input) => cache.get(input) ?? []), space };
      },
    },
  };
}

async function addMissing(
  models: LocalModels,
  cache: EmbeddingCache,
  missing: readonly string[],
  call: ModelCall,
): Promise<void> {
  const { vectors } = await models.embed(missing, call);
  await cache.add(missing, vectors);
}

/** Nodes that were just started may take a moment to be known. */
async function firstEmbedding(models: LocalModels, clock: Clock) {
  const giveUpAt = clock.now() + nodePatienceMs;
  for (;;) {
    try {
      return await models.embed(["ready?"], warmUp(clock));
    } catch (error) {
      if (clock.now() > giveUpAt) throw error;
      await clock.sleep(500);
    }
  }
}

/** A database for this evaluation alone, with the product's search over it. */
export async function openSearch(
  config: Config,
  projectRoot: string,
  parts: { readonly models: LocalModels; readonly clock: Clock },
) {
  if (config.databaseUrl === undefined)
    throw new AppError("database_unavailable", { reason: "npm run evaluate starts one" });
  const connection = await openDatabase({ url: config.databaseUrl, maxConnections: 2 });
  await migrateDatabase(connection, {
    migrationsDir: join(projectRoot, "drizzle/migrations"),
    snapshotDir: join(config.dataDir, "snapshots"),
  });
  const search = createChunkSearch({ database: connection.db });
  return {
    loader: createCorpusLoader({ database: connection.db }),
    retrieve: createRetrieveChunks({ search, ...parts }),
    close: () => connection.close(),
  };
}
