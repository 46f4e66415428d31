import { randomUUID } from "node:crypto";
import { createAnswerCacheStore } from "#lib/adapters/database/answer-cache-store.ts";
import { openDatabase } from "#lib/adapters/database/connection.ts";
import { createSystemClock } from "#lib/adapters/system/clock.ts";
import { exactText } from "#lib/core/cache/answer-key.ts";
import { scopeFor } from "#lib/services/prove-hit.ts";
import { createSemanticCache, type SemanticCache } from "#lib/services/semantic-cache.ts";
import { startTieredCache } from "#testing/services/memory-cache.ts";
import { quantile } from "./figures.ts";
import type { Person } from "./person.ts";
import type { Product } from "./product.ts";

export interface InsideFigures {
  /** Scope, entry and proof, as `answer-question` asks for them, p50. */
  readonly exactMs: number;
  /** Probability that a question kept for others takes longer or shorter than one kept for nobody, 0.5 to 1: 0.5 tells nothing. */
  readonly toldApart: number;
}

type Actor = Parameters<SemanticCache["begin"]>[0];

const rounds = 5;
const probes = 400;

/** Over copies of the product's entries in a scope of the bench. In the end nobody but admins may read the documents. */
export async function measureInside(
  product: Product,
  { userId, workspaceId }: Person,
  questions: readonly string[],
): Promise<InsideFigures> {
  const connection = await openDatabase({ url: product.databaseUrl, maxConnections: 2 });
  const store = createAnswerCacheStore({ database: connection.db });
  const admin: Actor = { userId, workspaceId, role: "admin" };
  try {
    const generations = await store.generations(admin, []);
    const asker = { actor: admin, collectionIds: [], instructions: "" };
    const scope = scopeFor({ fingerprint, answerVersion: "bench" }, asker, generations);
    const { rows } = await connection.pool.query<{ id: string }>("select id from cache_entries");
    for (const { id } of rows) {
      const entry = await store.load(id);
      if (entry === null) continue;
      const text = { exactText: exactText(entry.question), form: null, vector: null };
      await store.put(admin, [], { ...entry, ...text, scope, generations, answerId: randomUUID() });
    }
    const exactMs = await knownMs(cacheOver(store), admin, questions);
    await connection.pool.query("delete from collection_grants");
    const stranger: Actor = { userId: "stranger", workspaceId, role: "member" };
    return { exactMs, toldApart: await toldApart(cacheOver(store), stranger, questions) };
  } finally {
    await connection.close();
  }
}

const fingerprint = () => ({ chat: "bench", embedder: "bench" });

function cacheOver(store: ReturnType<typeof createAnswerCacheStore>): SemanticCache {
  const clock = createSystemClock();
  return createSemanticCache({
    ...{ store, clock, tiers: startTieredCache(clock), answerVersion: "bench", fingerprint },
    counters: { answer: () => undefined, tier: () => undefined },
    settings: () => ({ answers: true, similar: true }),
    report: (error) => {
      throw error;
    },
  });
}

async function lookUp(cache: SemanticCache, actor: Actor, question: string) {
  const startedAt = performance.now();
  const turn = await cache.begin(actor, {
    ...{ answerId: randomUUID(), question, collectionIds: [], instructions: "" },
    ...{ standsAlone: true, usesHistory: false, asksAgain: false, isPrewarm: true },
  });
  const hit = await turn.known();
  return { tookMs: performance.now() - startedAt, isHit: hit !== null };
}

async function knownMs(cache: SemanticCache, actor: Actor, questions: readonly string[]) {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1)
    for (const question of questions) {
      const { tookMs, isHit } = await lookUp(cache, actor, question);
      if (!isHit) throw new Error(`"${question}" is not kept`);
      times.push(tookMs);
    }
  return quantile(times, 0.5);
}

/** Questions that are kept for others and the same of things that nobody asked about, by turns, each told by its time alone. */
async function toldApart(cache: SemanticCache, actor: Actor, questions: readonly string[]) {
  const kept: number[] = [];
  const unknown: number[] = [];
  for (let probe = 0; probe < probes; probe += 1) {
    const question = questions[probe % questions.length] ?? "";
    // As long, of a pump that does not exist.
    const other = question.replace(/\d{3}/, String(700 + (probe % 100)));
    for (const isKept of probe % 2 === 0 ? [true, false] : [false, true]) {
      const { tookMs, isHit } = await lookUp(cache, actor, isKept ? question : other);
      if (isHit) throw new Error(`"${question}" was served to who may not read it`);
      (isKept ? kept : unknown).push(tookMs);
    }
  }
  const auc = areaUnderCurve(kept, unknown);
  return Math.max(auc, 1 - auc);
}

/** Mann and Whitney 1947: the share of pairs in which the first is larger; equal ones count half. */
function areaUnderCurve(ones: readonly number[], others: readonly number[]): number {
  let larger = 0;
  for (const one of ones)
    for (const other of others) larger += one > other ? 1 : one === other ? 0.5 : 0;
  return larger / (ones.length * others.length);
}
