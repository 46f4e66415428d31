import { randomUUID } from "node:crypto";
import { cosineOf } from "#lib/core/rag/cosine.ts";
import { exactText } from "#lib/core/cache/answer-key.ts";
import type { AnswerSnapshot } from "#lib/core/chat/events.ts";
import type { ServeSnapshot } from "#lib/core/cache/hit-proof.ts";
import type { AnswerCacheStore, CachedAnswer, NewAnswer } from "#lib/ports/answer-cache-store.ts";

/** What the corpus and the rights say now, for one person; the test changes it. */
export interface MemoryCorpus {
  /** Corpus generation of every collection that the person may read. */
  readonly generations: (userId: string) => ReadonlyMap<string, number>;
  /** Hash of a published chunk that the person may read, `undefined` otherwise. */
  readonly readableHash: (userId: string, chunkId: string) => string | undefined;
  /** What an answer that has ended said to which question. */
  readonly ended: (
    answerId: string,
  ) => { readonly question: string; readonly answer: AnswerSnapshot } | undefined;
}

interface Row {
  readonly scope: string;
  readonly exactText: string;
  readonly given: NewAnswer;
  entry: CachedAnswer;
}

/** The answer cache's store in memory: the rules of the real one, for many short tests. */
export function createMemoryAnswerCacheStore(corpus: MemoryCorpus): AnswerCacheStore {
  const rows = new Map<string, Row>();
  const servings = new Map<string, string>();
  const wrong = new Set<string>();
  const keyOf = (scope: string, exactText: string): string => JSON.stringify([scope, exactText]);
  const answerKeyOf = ({ quotes, sentences }: NewAnswer["answer"]): string =>
    JSON.stringify([quotes, sentences].map((part) => part.map(({ text }) => text)));
  const rowOf = (entryId: string): Row | undefined =>
    [...rows.values()].find(({ entry }) => entry.entryId === entryId);
  const blame = (row: Row): string => JSON.stringify([row.exactText, row.entry.answerKey]);
  const snapshotOf = (userId: string, entry: CachedAnswer): ServeSnapshot => {
    const readable = entry.cited.flatMap(({ chunkId }) => {
      const contentHash = corpus.readableHash(userId, chunkId);
      return contentHash === undefined ? [] : [[chunkId, { contentHash }] as const];
    });
    return { readable: new Map(readable), generations: new Map(corpus.generations(userId)) };
  };

  return {
    generations: (actor) => Promise.resolve(new Map(corpus.generations(actor.userId))),
    recall(actor, _collectionIds, at) {
      const generations = new Map(corpus.generations(actor.userId));
      const row = at === null ? undefined : rows.get(keyOf(at.scope, at.exactText));
      const own =
        row === undefined || wrong.has(blame(row))
          ? null
          : { by: "exact" as const, entry: row.entry, now: snapshotOf(actor.userId, row.entry) };
      const hasForm =
        at?.form != null &&
        [...rows.values()].some(({ scope, given }) => scope === at.scope && given.form === at.form);
      return Promise.resolve({ generations, hasAttachment: false, own, vetted: null, hasForm });
    },
    ofForm(actor, _collectionIds, { scope, form, vector }, limit) {
      const found = [...rows.values()].flatMap((row) =>
        row.scope === scope &&
        row.given.form === form &&
        row.given.vector !== null &&
        !wrong.has(blame(row))
          ? [
              {
                ...{ by: "semantic" as const, entry: row.entry },
                cosine: cosineOf(row.given.vector, vector),
                now: snapshotOf(actor.userId, row.entry),
              },
            ]
          : [],
      );
      found.sort((one, other) => other.cosine - one.cosine);
      return Promise.resolve(found.slice(0, limit));
    },
    find(scope, exactText) {
      const row = rows.get(keyOf(scope, exactText));
      return Promise.resolve(row === undefined ? null : { by: "exact", entry: row.entry });
    },
    load: (entryId) => Promise.resolve(rowOf(entryId)?.entry ?? null),
    near(scope, { vector }, limit) {
      const found = [...rows.values()].flatMap(({ scope: own, given, entry }) =>
        own === scope && given.vector !== null
          ? [{ entry, cosine: cosineOf(given.vector, vector) }]
          : [],
      );
      found.sort((one, other) => other.cosine - one.cosine);
      return Promise.resolve(found.slice(0, limit));
    },
    snapshot(actor, _collectionIds, entry) {
      const row = rowOf(entry.entryId);
      if (row?.entry.answerKey !== entry.answerKey || wrong.has(blame(row)))
        return Promise.resolve(null);
      return Promise.resolve(snapshotOf(actor.userId, entry));
    },
    put(actor, _collectionIds, given) {
      const now = corpus.generations(actor.userId);
      const isMoved =
        now.size !== given.generations.size ||
        [...now].some(([id, generation]) => given.generations.get(id) !== generation);
      if (isMoved) return Promise.resolve("moved");
      const { scope, exactText } = given;
      const answerKey = answerKeyOf(given.answer);
      if (wrong.has(JSON.stringify([exactText, answerKey]))) return Promise.resolve("called-wrong");
      const entryId = rows.get(keyOf(scope, exactText))?.entry.entryId ?? randomUUID();
      const entry = { ...given, entryId, answerKey, createdAt: new Date(0) };
      rows.set(keyOf(scope, exactText), { scope, exactText, given, entry });
      return Promise.resolve("kept");
    },
    renew(entryId, generations) {
      const row = rowOf(entryId);
      if (row !== undefined) row.entry = { ...row.entry, generations };
      return Promise.resolve();
    },
    served(answerId, entryId) {
      servings.set(answerId, entryId);
      return Promise.resolve();
    },
    reject(_actor, answerId) {
      const ended = corpus.ended(answerId);
      const said =
        ended === undefined
          ? []
          : [JSON.stringify([exactText(ended.question), answerKeyOf(ended.answer)])];
      const own = [...rows.values()].filter(
        ({ given, entry }) =>
          given.answerId === answerId || entry.entryId === servings.get(answerId),
      );
      for (const claim of [...said, ...own.map(blame)]) wrong.add(claim);
      const removed = [...rows].filter(([, row]) => wrong.has(blame(row)));
      for (const [key] of removed) rows.delete(key);
      return Promise.resolve(removed.length);
    },
    sweep: () => Promise.resolve(0),
  };
}
