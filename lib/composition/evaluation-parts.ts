import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAnswerCacheStore } from "../adapters/database/answer-cache-store.ts";
import { createCacheUpkeepStore } from "../adapters/database/cache-upkeep-store.ts";
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
import { createEmbeddingScorer } from "../services/embedding-scorer.ts";
import { createRetrieveChunks } from "../services/retrieve-chunks.ts";
import { composeCluster } from "./cluster.ts";
import { composeSameQuestion } from "./same-question.ts";

const nodePatienceMs = 60_000;

/** What most kinds measure with: a database for this evaluation alone, the product's search over it, and the models of the configured nodes. */
export async function openParts(config: Config, projectRoot: string) {
  const clock = createSystemClock();
  const connection = await openEmptyDatabase(config, projectRoot);
  const database = connection.db;
  const cluster = composeCluster({ db: database, clock }, config);
  const stopping = new AbortController();
  const watching = cluster.run(stopping.signal).catch(() => undefined);
  const models = await cachedModels(cluster.models, clock);
  const search = createChunkSearch({ database });
  return {
    clock,
    models,
    scorer: createEmbeddingScorer({ models, clock }),
    scoring: composeSameQuestion({
      ...{ scorer: cluster.pairScorer, projectRoot, clock, tiers: nothingKept },
      // Nobody else is here.
      quiet: { run: (work, signal) => work(signal) },
    }),
    loader: createCorpusLoader({ database }),
    answers: createAnswerCacheStore({ database }),
    upkeep: createCacheUpkeepStore({ database }),
    retrieve: createRetrieveChunks({ search, models, clock }),
    async close() {
      stopping.abort(new Error("done"));
      await watching;
      await cluster.dispose();
      await connection.close();
    },
  };
}

const nothingKept = {
  read: (_kind: unknown, abouts: readonly string[]) => Promise.resolve(abouts.map(() => null)),
  write: () => undefined,
};

async function openEmptyDatabase(config: Config, projectRoot: string) {
  if (config.databaseUrl === undefined)
    throw new AppError("database_unavailable", { reason: "npm run evaluate starts one" });
  const connection = await openDatabase({ url: config.databaseUrl, maxConnections: 3 });
  await migrateDatabase(connection, {
    migrationsDir: join(projectRoot, "drizzle/migrations"),
    snapshotDir: join(config.dataDir, "snapshots"),
  });
  return connection;
}

const warmUp = (clock: Clock): ModelCall => ({
  class: "ingest",
  client: "evaluate",
  deadline: milliseconds(clock.now() + nodePatienceMs),
  signal: new AbortController().signal,
});

/** What was embedded in an earlier evaluation is read from a file in the folder for temporary files. */
async function cachedModels(models: LocalModels, clock: Clock): Promise<LocalModels> {
  const { space } = await firstEmbedding(models, clock);
  const cache = await openEmbeddingCache(join(tmpdir(), "drover-evaluation"), space);
  return {
    ...models,
    embed: async (inputs, call) => {
      const missing = [...new Set(inputs.filter((input) => cache.get(input) === undefined))];
      if (missing.length > 0) await addMissing(models, cache, missing, call);
      return { vectors: inputs.map((input) => cache.get(input) ?? []), space };
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
