import type { Actor } from "#lib/core/access/actor.ts";
import type { AnswerSnapshot, Source } from "#lib/core/chat/events.ts";
import { emptyAnswer } from "#lib/core/chat/fold-answer.ts";
import type { AnswerCacheStore } from "#lib/ports/answer-cache-store.ts";
import type { RankedChunk } from "#lib/ports/chunk-search.ts";
import { createSemanticCache, type CacheHit } from "#lib/services/semantic-cache.ts";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import {
  createMemoryAnswerCacheStore,
  type MemoryCorpus,
} from "#testing/fakes/memory-answer-cache-store.ts";

/** A document of one chunk that answers the questions of its topic; the best one of what a person may read is the answer. */
interface Stored {
  readonly chunkId: string;
  readonly hash: string;
  readonly text: string;
  readonly topic: number;
  readonly collection: string;
  readonly quality: number;
}

interface OpenAsk {
  readonly userId: string;
  readonly topic: number;
  readonly question: string;
  /** Every answer that was right at some moment since the question came. */
  readonly valid: Set<string>;
  readonly calledWrong: ReadonlySet<string>;
}

export interface InterleavingResult {
  readonly asked: number;
  readonly hits: number;
  /** Hits whose answer was at no moment of the question what the documents said to that person. */
  readonly wrong: readonly string[];
}

const collections = ["c1", "c2", "c3"];
const users = ["u1", "u2", "u3"];
const topics = ["Aurora 300", "Aurora 200", "Zephyr"];
const wordings: readonly ((topic: string) => string)[] = [
  (topic) => `What is the volume of the ${topic} boiler?`,
  (topic) => `Please tell me what is the volume of the ${topic} boiler`,
  (topic) => `what's the volume of the ${topic.toUpperCase()} boiler`,
];

/** mulberry32 (Tommy Ettinger): small, seeded, the same everywhere. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** The corpus, the rights and the model, and what changes them. */
function createWorld(random: (below: number) => number) {
  const documents: Stored[] = [];
  const generations = new Map(collections.map((id) => [id, 0]));
  const readers = new Map(users.map((id) => [id, new Set(["c1"])]));
  let model = 1;
  let made = 0;
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  const moved = (id: string) => generations.set(id, (generations.get(id) ?? 0) + 1);
  const add = (topic: number, collection: string, text?: string): void => {
    made += 1;
    const words = text ?? `text ${String(made)}`;
    const chunkId = `chunk-${String(made)}`;
    documents.push({ chunkId, hash: words, text: words, topic, collection, quality: random(1000) });
    moved(collection);
  };
  const takeOut = (): Stored | undefined => {
    const [removed] = documents.splice(random(Math.max(documents.length, 1)), 1);
    if (removed !== undefined) moved(removed.collection);
    return removed;
  };
  const mayRead = (userId: string, collection: string) =>
    readers.get(userId)?.has(collection) === true;
  const ranked = (userId: string, topic: number) =>
    documents
      .filter((one) => one.topic === topic && mayRead(userId, one.collection))
      .sort((one, other) => other.quality - one.quality);

  return {
    add,
    ranked,
    model: () => `model ${String(model)}`,
    answerNow(userId: string, topic: number): string {
      const [best] = ranked(userId, topic);
      return `${best?.text ?? "nothing"} by model ${String(model)}`;
    },
    corpus: {
      generations: (userId) => new Map([...generations].filter(([id]) => mayRead(userId, id))),
      readableHash: (userId, chunkId) =>
        documents.find((one) => one.chunkId === chunkId && mayRead(userId, one.collection))?.hash,
    } satisfies Omit<MemoryCorpus, "ended">,
    change(): void {
      const kind = random(10);
      if (kind < 4) add(random(topics.length), pick(collections));
      else if (kind < 6) takeOut();
      else if (kind < 7) {
        const old = takeOut();
        if (old !== undefined) add(old.topic, old.collection);
      } else if (kind < 8) {
        // Indexed again: the same words under another id, perhaps ranked elsewhere.
        const old = takeOut();
        if (old !== undefined) add(old.topic, old.collection, old.text);
      } else if (kind < 9) {
        const rights = readers.get(pick(users));
        const collection = pick(collections);
        if (rights?.delete(collection) === false) rights.add(collection);
      } else model = 1 + random(2);
    },
  };
}

const chunkOf = (stored: Stored): RankedChunk => ({
  ...{ chunkId: stored.chunkId, documentId: stored.chunkId, versionId: stored.chunkId },
  ...{ documentTitle: "", collectionId: stored.collection, collectionName: "" },
  ...{ ordinal: 0, headingPath: [], page: null, charStart: 0 },
  charEnd: stored.text.length,
  text: stored.text,
  contentHash: stored.hash,
  publishedAt: new Date(0),
  flags: [],
  before: null,
  after: null,
  lexicalScore: 1,
  cosine: 1,
  score: stored.quality,
});

const unused = { ranking: [], terms: [] };
const sourceOf = (chunk: RankedChunk): Source => ({ citation: 1, ...chunk });

/** Topics lie near each other: similarity alone would mix them up. */
const vectorOf = (topic: number): readonly number[] => {
  const vector = [10, 0, 0, 0];
  vector[topic + 1] = 1;
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
};

/**
 * One run of questions and changes in a random order, with other work between any two steps of a question.
 * @param sabotage replaces parts of the store, to see that a broken proof is noticed
 */
export async function runInterleaving(
  seed: number,
  sabotage: (store: AnswerCacheStore) => AnswerCacheStore = (store) => store,
): Promise<InterleavingResult> {
  const random = randomFrom(seed);
  const world = createWorld(random);
  const waiting: (() => void)[] = [];
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      waiting.push(resolve);
    });
  const ended = new Map<string, { readonly question: string; readonly answer: AnswerSnapshot }>();
  const corpus = { ...world.corpus, ended: (answerId: string) => ended.get(answerId) };
  const store = paused(sabotage(createMemoryAnswerCacheStore(corpus)), pause);
  const cache = createSemanticCache({
    store,
    clock: createFakeClock(),
    settings: () => ({ answers: true, similar: true }),
    fingerprint: () => ({ chat: world.model(), embedder: "e" }),
    answerVersion: "1",
    counters: { answer: () => undefined, tier: () => undefined },
    report: (error) => {
      throw error;
    },
  });
  const open = new Set<OpenAsk>();
  const finished: { readonly actor: Actor; readonly answerId: string; readonly claim: string }[] =
    [];
  const calledWrong = new Set<string>();
  const wrong: string[] = [];
  let asked = 0;
  let hits = 0;

  const check = (ask: OpenAsk, hit: CacheHit): void => {
    hits += 1;
    const text = hit.entry.answer.quotes[0]?.text ?? "";
    const claim = `${hit.entry.question} ${text}`;
    if (!ask.valid.has(text) || ask.calledWrong.has(claim))
      wrong.push(
        `seed ${String(seed)}: ${ask.userId} got "${text}" for "${ask.question}"${ask.valid.has(text) ? ", called wrong before" : ""}`,
      );
  };

  const ask = async (): Promise<void> => {
    asked += 1;
    const userId = users[random(users.length)] ?? "";
    const topic = random(topics.length);
    const question = wordings[random(wordings.length)]?.(topics[topic] ?? "") ?? "";
    const actor: Actor = { userId, workspaceId: "w", role: "member" };
    const answerId = `answer-${String(asked)}`;
    const valid = new Set([world.answerNow(userId, topic)]);
    const one = { userId, topic, question, valid, calledWrong: new Set(calledWrong) };
    open.add(one);
    const turn = await cache.begin(actor, {
      ...{ answerId, question, collectionIds: [] },
      ...{ standsAlone: true, usesHistory: false, asksAgain: false },
      ...{ instructions: "", isPrewarm: false },
    });
    let hit = await turn.known();
    hit ??= await turn.ofForm(() => pause().then(() => vectorOf(topic)));
    if (hit === null) {
      await pause();
      const chunks = world.ranked(userId, topic).slice(0, 8).map(chunkOf);
      const found = { chunks, vector: vectorOf(topic), lexicalOnly: false, ...unused };
      hit = await turn.provenBy(found, () => Promise.resolve(found));
      const [best] = chunks;
      if (hit === null && best !== undefined) {
        await pause();
        const text = `${best.text} by ${world.model()}`;
        const answer = answerOf(best, text);
        await turn.keep(answer, found, 1);
        ended.set(answerId, { question, answer });
        finished.push({ actor, answerId, claim: `${question} ${text}` });
      }
    }
    if (hit !== null) {
      check(one, hit);
      // An answer can be called wrong once it has ended.
      await hit.noted;
      const text = hit.entry.answer.quotes[0]?.text ?? "";
      finished.push({ actor, answerId, claim: `${hit.entry.question} ${text}` });
    }
    open.delete(one);
  };

  const running: Promise<void>[] = [];
  const release = (): void => {
    const [next] = waiting.splice(random(Math.max(waiting.length, 1)), 1);
    next?.();
  };
  const change = (): void => {
    world.change();
    for (const one of open) one.valid.add(world.answerNow(one.userId, one.topic));
  };
  for (let topic = 0; topic < topics.length; topic += 1) world.add(topic, "c1");
  for (let step = 0; step < 160; step += 1) {
    const kind = random(60);
    if (kind < 4) change();
    else if (kind < 15) running.push(ask());
    else if (kind < 16) {
      const last = finished.at(-1);
      if (last !== undefined) await rejectAtOnce(store, last, waiting);
      if (last !== undefined) calledWrong.add(last.claim);
    } else release();
    await settled();
  }
  while (waiting.length > 0) {
    release();
    await settled();
  }
  await Promise.all(running);
  return { asked, hits, wrong };
}

/** Everybody else stands still meanwhile. */
async function rejectAtOnce(
  store: AnswerCacheStore,
  { actor, answerId }: { readonly actor: Actor; readonly answerId: string },
  waiting: (() => void)[],
): Promise<void> {
  const rejecting = store.reject(actor, answerId);
  waiting.pop()?.();
  await rejecting;
}

const answerOf = (chunk: RankedChunk, text: string): AnswerSnapshot => ({
  ...emptyAnswer,
  sources: [sourceOf(chunk)],
  quotes: [{ citation: 1, text, charStart: 0, charEnd: chunk.charEnd }],
  verdict: "answerable",
  outcome: "complete",
});

/** Runs what can run: everything left waits for its turn. */
const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** Each call of the store waits for its turn first, then happens at once, as one statement does. */
function paused(store: AnswerCacheStore, pause: () => Promise<void>): AnswerCacheStore {
  return {
    generations: (...call) => pause().then(() => store.generations(...call)),
    find: (...call) => pause().then(() => store.find(...call)),
    recall: (...call) => pause().then(() => store.recall(...call)),
    load: (...call) => pause().then(() => store.load(...call)),
    ofForm: (...call) => pause().then(() => store.ofForm(...call)),
    near: (...call) => pause().then(() => store.near(...call)),
    snapshot: (...call) => pause().then(() => store.snapshot(...call)),
    put: (...call) => pause().then(() => store.put(...call)),
    renew: (...call) => pause().then(() => store.renew(...call)),
    served: (...call) => pause().then(() => store.served(...call)),
    reject: (...call) => pause().then(() => store.reject(...call)),
    sweep: (...call) => store.sweep(...call),
  };
}
