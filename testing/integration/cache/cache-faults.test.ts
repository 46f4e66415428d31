import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withCachedEmbeddings } from "#lib/services/cached-embeddings.ts";
import { withKeptRetrievals } from "#lib/services/kept-retrievals.ts";
import { createRetrieveChunks } from "#lib/services/retrieve-chunks.ts";
import { createScriptedTier } from "#testing/fakes/scripted-tier.ts";
import { startTieredCache } from "#testing/services/memory-cache.ts";
import { type CachedLine, startCachedLine } from "./cached-line.ts";

const questions = [
  "How long is the warranty of the Aurora 300 pump?",
  "What is the volume of the boiler?",
  "Who leads the office in Lisbon?",
  "What does a ticket to the moon cost?",
];

describe("answers while the cache fails", () => {
  let line: CachedLine;
  beforeAll(async () => {
    line = await startCachedLine();
    const id = await line.newCollection();
    await line.addDocument(
      id,
      "a.md",
      "# Warranty\n\nThe warranty of the Aurora 300 pump is 24 months.\n",
    );
    await line.addDocument(id, "b.md", "# Boiler\n\nThe volume of the boiler is 40 litres.\n");
    await line.addDocument(
      id,
      "c.md",
      "# Lisbon\n\nThe office in Lisbon is led by Marta Oliveira.\n",
    );
  });
  afterAll(() => line.close());

  const shown = async (change: Parameters<CachedLine["ask"]>[2] = {}) => {
    const answers = [];
    // Twice, so that what was kept is used.
    for (const question of [...questions, ...questions]) {
      const { quotes, sentences, verdict, outcome } = await line.ask(line.admin, question, change);
      answers.push({ quotes, sentences, verdict, outcome });
    }
    return answers;
  };

  it.each(["works", "fails", "throws", "short", "garbage"] as const)(
    "are what they are without a cache, when every tier %s",
    async (mode) => {
      line.settings.answers = false;
      const without = await shown({ retrieve: line.retrieve });
      line.settings.answers = true;
      await line.connection.pool.query("delete from cache_entries");
      const tier = createScriptedTier("memory");
      if (mode === "garbage")
        tier.read = (keys) => Promise.resolve(keys.map(() => new Uint8Array([7, 0, 0, 0, 9])));
      else tier.mode = mode;
      const tiers = startTieredCache(line.clock, [tier]);
      const engine = () => ({ model: "hashing", engine: "test", digest: "1" });
      const models = withCachedEmbeddings(
        { ...line.models, embeddingEngine: engine },
        tiers,
        "embedding",
      );
      const search = createRetrieveChunks({ search: line.search, models, clock: line.clock });
      const retrieve = withKeptRetrievals({
        searchVersion: "1",
        ...{ retrieve: search, search: line.search, answers: line.answers, cache: tiers },
        embedder: () => "hashing",
      });
      const cache = line.cacheOver(line.answers, "1", tiers);
      expect(await shown({ cache, retrieve })).toEqual(without);
      expect(line.faults).toEqual([]);
    },
  );
});
