import { beforeEach, describe, expect, it } from "vitest";
import { milliseconds } from "../core/time/milliseconds.ts";
import type { LocalModels, ModelCall } from "../local-models.ts";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { createScriptedModels } from "#testing/fakes/scripted-models.ts";
import { createScriptedTier, type ScriptedTier } from "#testing/fakes/scripted-tier.ts";
import { withCachedEmbeddings } from "./cached-embeddings.ts";
import { guardTier } from "./guarded-tier.ts";
import { createTieredCache, type TieredCache } from "./tiered-cache.ts";

const call = (workClass: ModelCall["class"] = "interactive"): ModelCall => ({
  ...{ class: workClass, client: "test", deadline: milliseconds(1000) },
  signal: new AbortController().signal,
});

describe("embeddings from the cache", () => {
  let memory: ScriptedTier;
  let database: ScriptedTier;
  let cache: TieredCache;
  let asked: string[];
  let digest: string;
  let changesTo: string | null;
  let models: LocalModels;

  const vectorOf = (text: string) => [text.length / 3, digest.length / 7, 0.1];
  beforeEach(() => {
    const clock = createFakeClock();
    memory = createScriptedTier("memory");
    database = createScriptedTier("database");
    const onFault = (): undefined => undefined;
    const tiers = [memory, database].map((tier) =>
      guardTier({ tier, clock, timeoutMs: 100, onFault }),
    );
    const counters = { tier: () => undefined };
    cache = createTieredCache({ tiers, counters, clock, digest: (text) => text });
    asked = [];
    digest = "one";
    changesTo = null;
    models = {
      ...createScriptedModels("chat", []),
      embeddingEngine: () => ({ model: "m", engine: "e", digest }),
      embed(inputs) {
        asked.push(...inputs);
        digest = changesTo ?? digest;
        const space = { model: "m", engine: "e", digest, dimension: 3 };
        return Promise.resolve({ vectors: inputs.map(vectorOf), space });
      },
    };
  });
  const cached = () => withCachedEmbeddings(models, cache, "embedding");

  it("come from whoever is first, the database or a node, when somebody waits for one text", async () => {
    await cached().embed(["a", "bb"], call());
    const vector = (await cached().embed(["a"], call())).vectors;
    memory.held.clear();
    const whole = models;
    const never = new Promise<never>(() => undefined);
    const signals: AbortSignal[] = [];
    const hangs: LocalModels["embed"] = (inputs, { signal }) => {
      asked.push(...inputs);
      signals.push(signal);
      return never;
    };
    models = { ...whole, embed: hangs };
    // The node hangs, the database has it, and the node is let go.
    expect(await cached().embed(["a"], call())).toMatchObject({ vectors: vector, fromCache: 1 });
    expect(asked).toEqual(["a", "bb", "a"]);
    expect(signals[0]?.aborted).toBe(true);
    // What memory has is not asked of a node, and neither is anything of many texts that is kept.
    memory.held.clear();
    expect(await cached().embed(["a", "bb"], call())).toMatchObject({ fromCache: 2 });
    expect(await cached().embed(["a"], call())).toMatchObject({ fromCache: 1 });
    expect(asked).toHaveLength(3);
    // The node fails, the database has it.
    memory.held.clear();
    models = { ...whole, embed: () => Promise.reject(new Error("no node")) };
    expect(await cached().embed(["a"], call())).toMatchObject({ vectors: vector, fromCache: 1 });
    await expect(cached().embed(["new"], call())).rejects.toThrow("no node");
    // The database hangs until it is given up, the node answers.
    memory.held.clear();
    models = whole;
    database.mode = "hangs";
    expect(await cached().embed(["a"], call())).toMatchObject({ vectors: vector, fromCache: 0 });
  });

  it("are computed once for each text, and are the same to the last bit when they are not", async () => {
    const first = await cached().embed(["a", "bb", "a"], call());
    const second = await cached().embed(["ccc", "bb", "a"], call());
    expect(asked).toEqual(["a", "bb", "ccc"]);
    expect(second.vectors.slice(1)).toEqual([first.vectors[1], first.vectors[0]]);
    expect(first).toMatchObject({ fromCache: 0 });
    expect(second).toMatchObject({ fromCache: 2, space: { digest: "one", dimension: 3 } });
    digest = "";
    const uncached = await cached().embed(["a"], call());
    expect(uncached.vectors[0]?.[0]).toBe(first.vectors[0]?.[0]);
  });

  it("are computed anew for other weights, and for weights that have no name", async () => {
    await cached().embed(["a"], call());
    digest = "other";
    await cached().embed(["a"], call());
    digest = "";
    await cached().embed(["a"], call());
    await cached().embed(["a"], call());
    expect(asked).toEqual(["a", "a", "a", "a"]);
  });

  it("are never of two spaces when the weights change on the way", async () => {
    await cached().embed(["a"], call());
    changesTo = "other";
    const mixed = await cached().embed(["a", "bb"], call());
    expect(mixed.space.digest).toBe("other");
    expect(mixed.vectors).toEqual(["a", "bb"].map((text) => vectorOf(text).map(Math.fround)));
  });

  it("leave memory to people when many are made at once", async () => {
    await cached().embed(["a"], call("ingest"));
    await cache.settled();
    expect([memory.held.size, database.held.size]).toEqual([0, 1]);
    await cached().embed(["a"], call());
    await cache.settled();
    expect(memory.held.size).toBe(1);
  });

  it.each([
    ["is cut off", new Uint8Array([1, 2, 3])],
    ["is empty", new Uint8Array()],
    ["holds no numbers", new Uint8Array(12).fill(255)],
    ["has another length", new Uint8Array(40)],
  ])("are computed when what a tier holds %s", async (_name, bytes) => {
    await cached().embed(["a", "bb"], call());
    await cache.settled();
    for (const tier of [memory, database])
      for (const key of tier.held.keys()) if (key.includes('"a"')) tier.held.set(key, bytes);
    const { vectors } = await cached().embed(["bb", "a"], call());
    expect(vectors[1]).toEqual(vectorOf("a").map(Math.fround));
  });

  it.each(["fails", "throws", "short"] as const)("are computed when a tier %s", async (mode) => {
    memory.mode = mode;
    database.mode = mode;
    await cached().embed(["a"], call());
    const { vectors } = await cached().embed(["a"], call());
    expect([vectors[0]?.length, asked.length]).toEqual([3, 2]);
  });
});
