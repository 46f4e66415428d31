import { sql } from "drizzle-orm";
import { createCorpusLoader } from "#lib/adapters/database/corpus-loader.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import type { AnswerCacheStore } from "#lib/ports/answer-cache-store.ts";
import type { CacheHit, SemanticCache } from "#lib/services/semantic-cache.ts";
import { hashingEmbedder } from "../documents/document-line.ts";
import { type Answered, type CachedLine, startCachedLine } from "./cached-line.ts";
import { seededChoice } from "#testing/services/seeded-choice.ts";

const topics = ["Aurora 300", "Aurora 200", "Zephyr"];
const wordings: readonly ((topic: string) => string)[] = [
  (topic) => `What is the volume of the ${topic} boiler?`,
  (topic) => `Please tell me what is the volume of the ${topic} boiler`,
  (topic) => `what's the volume of the ${topic.toUpperCase()} boiler`,
];
const people = 3;
const mostDocuments = 12;

/** One document that answers the questions of its topic with a number that no other document holds. */
interface Fact {
  readonly number: number;
  readonly documentId: string;
  readonly topic: string;
  readonly collectionId: string;
  readonly text: string;
  readonly title: string;
}

interface OpenAsk {
  readonly actor: Actor;
  /** Numbers that the person could read at some moment since the question came. */
  readonly allowed: Set<number>;
  moved: boolean;
}

export interface DatabaseInterleavings {
  readonly asked: number;
  readonly hits: number;
  readonly changes: number;
  /** Changes and questions of others that came while a question was being answered. */
  readonly inFlight: number;
  readonly stale: readonly string[];
}

/** The corpus, rights and weights over the real database, and beside it in memory what everybody may see. */
async function startWorld(line: CachedLine, choose: ReturnType<typeof seededChoice>) {
  const { db, pool } = line.connection;
  const collections = [
    await line.newCollection(),
    await line.newCollection(line.admin, "private"),
    await line.newCollection(line.admin, "private"),
  ];
  const actors = await Promise.all(Array.from({ length: people }, () => line.addPerson("member")));
  const granted = new Set<string>();
  const grantKey = (actor: Actor, collectionId: string) => `${actor.userId} ${collectionId}`;
  const mayRead = (actor: Actor, collectionId: string): boolean =>
    collectionId === collections[0] || granted.has(grantKey(actor, collectionId));
  const facts: Fact[] = [];
  let made = 0;

  const stored = async (fact: Omit<Fact, "documentId">, gone?: Fact): Promise<Fact> => {
    const vectors = await hashingEmbedder.embed([`${fact.title}\n${fact.text}`], line.call());
    const chunk = {
      ...{ ordinal: 0, headingPath: [], page: null, charStart: 0, charEnd: fact.text.length },
      ...{ text: fact.text, searchText: `${fact.title}\n${fact.text}` },
      vector: vectors.vectors[0] ?? [],
    };
    const document = {
      ...{ fileName: `${String(fact.number)}.txt`, title: fact.title, text: fact.text },
      ...{ language: "english", chunks: [chunk] },
    };
    return db.transaction(async (transaction) => {
      if (gone !== undefined)
        await transaction.execute(sql`update documents set deleted_at = now(), published_version_id = null
          where id = ${gone.documentId}`);
      const loader = createCorpusLoader({ database: transaction });
      const [documentId = ""] = await loader.add(fact.collectionId, [document], vectors.space);
      await transaction.execute(sql`update collections set corpus_generation = corpus_generation + 1
        where id in (${fact.collectionId}, ${gone?.collectionId ?? fact.collectionId})`);
      return { ...fact, documentId };
    });
  };
  const newFact = (topic: string, collectionId: string, isBetter: boolean) => {
    made += 1;
    const number = 1000 + made;
    const title = isBetter ? `Volume of the ${topic} boiler` : "Notes";
    const text = `The volume of the ${topic} boiler is ${String(number)} litres.`;
    return { number, topic, collectionId, title, text };
  };
  const put = (fact: Fact): void => void facts.push(fact);
  const takeOut = (fact: Fact): void => void facts.splice(facts.indexOf(fact), 1);

  for (const topic of topics) put(await stored(newFact(topic, collections[0] ?? "", false)));
  for (const collectionId of collections)
    await createCorpusLoader({ database: db }).finish(collectionId);

  const replace = async (old: Fact, fresh: Omit<Fact, "documentId">): Promise<void> => {
    takeOut(old);
    put(await stored(fresh, old));
  };
  const remove = async (fact: Fact): Promise<void> => {
    takeOut(fact);
    await line.documents.remove(line.admin, fact.documentId);
    if (facts.length < topics.length)
      put(await stored(newFact(fact.topic, choose.from(collections), false)));
  };
  const turnRight = async (): Promise<void> => {
    const actor = choose.from(actors);
    const target = choose.from(collections.slice(1));
    const key = grantKey(actor, target);
    const isTaken = granted.delete(key);
    if (!isTaken) granted.add(key);
    await pool.query(
      isTaken
        ? "delete from collection_grants where collection_id = $1 and subject_id = $2"
        : `insert into collection_grants (collection_id, subject_kind, subject_id, "right") values ($1, 'user', $2, 'read')`,
      [target, actor.userId],
    );
  };
  const add = async (isBetter: boolean): Promise<void> => {
    if (facts.length < mostDocuments)
      put(await stored(newFact(choose.from(topics), choose.from(collections), isBetter)));
  };
  const some = (): Fact => choose.from(facts);
  const edit = (fact: Fact) =>
    replace(fact, newFact(fact.topic, fact.collectionId, choose.below(2) === 0));
  /** The same words in another chunk. */
  const indexAgain = (fact: Fact) => replace(fact, fact);
  const changes: readonly (() => Promise<void>)[] = [
    () => add(true),
    () => add(false),
    () => remove(some()),
    () => remove(some()),
    () => edit(some()),
    () => indexAgain(some()),
    turnRight,
    turnRight,
    () => {
      line.changeModel(choose.from(["one", "two"]));
      return Promise.resolve();
    },
  ];
  return {
    actors,
    readable: (actor: Actor) =>
      facts.filter((fact) => mayRead(actor, fact.collectionId)).map(({ number }) => number),
    change: () => choose.from(changes)(),
  };
}

/**
 * `steps` questions over the real database, each with changes of the corpus, of rights, of weights and of prompts, and whole questions
 * of others, between any two of its own calls. What an answer quotes must have been readable for its asker at some moment of the
 * question; what the cache gives must not hide a newer document that answers better, and what is
 * answered anew must have found the best one.
 * @param sabotage replaces parts of the store, to see that a broken proof is noticed: the first that is noticed ends it
 */
export async function runDatabaseInterleavings(
  steps: number,
  seed: number,
  sabotage?: (store: AnswerCacheStore) => AnswerCacheStore,
): Promise<DatabaseInterleavings> {
  const line = await startCachedLine();
  const choose = seededChoice(seed);
  const world = await startWorld(line, choose);
  const open: OpenAsk[] = [];
  const stale: string[] = [];
  const tally = { asked: 0, hits: 0, changes: 0, inFlight: 0 };
  const answered: { readonly actor: Actor; readonly answerId: string }[] = [];
  let depth = 0;

  const change = async (): Promise<void> => {
    tally.changes += 1;
    await world.change();
    for (const one of open) {
      one.moved = true;
      for (const number of world.readable(one.actor)) one.allowed.add(number);
    }
  };
  /** Between any two calls of a question something else may happen. */
  const between = async (): Promise<void> => {
    const kind = choose.below(40);
    if (kind < 2) {
      tally.inFlight += 1;
      await change();
    } else if (kind < 4 && depth < 3) {
      tally.inFlight += 1;
      await ask();
    }
  };
  const interrupted =
    <A extends readonly unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await between();
      return call(...args);
    };
  const honest = sabotage === undefined ? line.answers : sabotage(line.answers);
  const store: AnswerCacheStore = {
    ...honest,
    recall: interrupted((...call: Parameters<AnswerCacheStore["recall"]>) =>
      honest.recall(...call),
    ),
    ofForm: interrupted((...call: Parameters<AnswerCacheStore["ofForm"]>) =>
      honest.ofForm(...call),
    ),
    near: interrupted((...call: Parameters<AnswerCacheStore["near"]>) => honest.near(...call)),
    snapshot: interrupted((...call: Parameters<AnswerCacheStore["snapshot"]>) =>
      honest.snapshot(...call),
    ),
    put: interrupted((...call: Parameters<AnswerCacheStore["put"]>) => honest.put(...call)),
    renew: interrupted((...call: Parameters<AnswerCacheStore["renew"]>) => honest.renew(...call)),
    served: interrupted((...call: Parameters<AnswerCacheStore["served"]>) =>
      honest.served(...call),
    ),
  };
  const hits = new Map<string, CacheHit>();
  const watched = (cache: SemanticCache): SemanticCache => ({
    ...cache,
    async begin(actor, asked) {
      const turn = await cache.begin(actor, asked);
      const noted = (hit: CacheHit | null): void => {
        if (hit !== null) hits.set(asked.answerId, hit);
      };
      return {
        ...turn,
        known: async () => {
          const hit = await turn.known();
          noted(hit);
          return hit;
        },
        ofForm: async (embed) => {
          const hit = await turn.ofForm(embed);
          noted(hit);
          return hit;
        },
        provenBy: async (...found) => {
          const hit = await turn.provenBy(...found);
          noted(hit);
          return hit;
        },
      };
    },
  });
  // Two prompts: what one of them made is not the other's.
  const caches = ["1", "2"].map((version) => watched(line.cacheOver(store, version)));

  const check = async (
    one: OpenAsk,
    question: string,
    answer: Answered,
    hit: CacheHit | null,
  ): Promise<void> => {
    const shown = [...answer.quotes, ...answer.sources, ...answer.sentences];
    for (const { text } of shown)
      for (const [number = ""] of text.matchAll(/\b\d{4,}(?= litres)/g))
        if (!one.allowed.has(Number(number)))
          stale.push(`step ${String(tally.asked)}: ${number} shown for "${question}"`);
    if (one.moved || (hit === null && tally.asked % 5 > 0)) return;
    const query = { text: question, collectionIds: [], limit: 8, isFresh: true };
    const [best] = (await line.retrieve(one.actor, query, line.call())).chunks;
    if (best === undefined) return;
    const isCited = answer.sources.some(({ chunkId }) => chunkId === best.chunkId);
    if (!isCited && (hit === null || best.publishedAt > hit.entry.createdAt))
      stale.push(`step ${String(tally.asked)}: "${best.text}" is newer and better`);
  };

  const ask = async (): Promise<void> => {
    tally.asked += 1;
    depth += 1;
    const actor = choose.from(world.actors);
    const question = choose.from(wordings)(choose.from(topics));
    const one: OpenAsk = { actor, allowed: new Set(world.readable(actor)), moved: false };
    open.push(one);
    const cache = choose.from(caches);
    const answer = await line.ask(actor, question, { cache, retrieve: interrupted(line.kept) });
    const hit = hits.get(answer.answerId) ?? null;
    await check(one, question, answer, hit);
    open.splice(open.indexOf(one), 1);
    answered.push({ actor, answerId: answer.answerId });
    tally.hits += answer.isCached ? 1 : 0;
    depth -= 1;
  };

  while (tally.asked < steps && (sabotage === undefined || stale.length === 0)) {
    const kind = choose.below(20);
    const last = answered.at(-1);
    if (kind < 3) await change();
    else if (kind < 4 && last !== undefined) await line.answers.reject(last.actor, last.answerId);
    await ask();
  }
  await line.tiers.settled();
  const { faults } = line;
  await line.close();
  return { ...tally, stale: [...stale, ...faults.map(String)] };
}
