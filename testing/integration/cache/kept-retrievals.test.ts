import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createAnswerCacheStore } from "#lib/adapters/database/answer-cache-store.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { createRetrieveChunks, type RetrieveChunks } from "#lib/services/retrieve-chunks.ts";
import { withKeptRetrievals } from "#lib/services/kept-retrievals.ts";
import { startTieredCache } from "#testing/services/memory-cache.ts";
import { type DocumentLine, startDocumentLine } from "../documents/document-line.ts";

const question = "What does the Aurora pump cost?";

describe("retrievals that are kept", () => {
  let line: DocumentLine;
  let collectionId: string;
  let fresh: RetrieveChunks;
  let kept: RetrieveChunks;
  let searches: number;
  let embedder: string;
  let hold: Promise<unknown>;

  beforeAll(async () => {
    line = await startDocumentLine();
    collectionId = await line.newCollection();
    await line.upload(collectionId, "aurora.md", "# Aurora\n\nThe Aurora pump costs 40 euros.\n");
    await line.upload(collectionId, "zephyr.md", "# Zephyr\n\nThe Zephyr fan is quiet.\n");
    expect(await line.workOff()).toEqual([]);
  });
  afterAll(() => line.close());
  beforeEach(() => {
    searches = 0;
    embedder = "one";
    hold = Promise.resolve();
    const search = line.search;
    fresh = createRetrieveChunks({ search, models: line.embedder, clock: line.clock });
    kept = withKeptRetrievals({
      searchVersion: "1",
      async retrieve(...asked) {
        searches += 1;
        await hold;
        return fresh(...asked);
      },
      search,
      answers: createAnswerCacheStore({ database: line.connection.db }),
      cache: startTieredCache(line.clock),
      embedder: () => embedder,
    });
  });

  const query = (text = question) => ({ text, collectionIds: [], limit: 8 });
  const ask = (actor: Actor = line.admin, text = question, signal?: AbortSignal) =>
    kept(actor, query(text), { ...line.call(), ...(signal === undefined ? {} : { signal }) });
  const texts = async (actor?: Actor, text?: string) =>
    (await ask(actor, text)).chunks.map((chunk) => chunk.text).join("\n");

  it("are what a search would find, without one", async () => {
    const searched = await fresh(line.admin, query(), line.call());
    const { vector, ...first } = await ask();
    const { vector: sameVector, isKept, ...second } = await ask();
    expect([searches, isKept]).toEqual([1, true]);
    expect(second).toEqual(first);
    expect({ ...second, vector: searched.vector }).toEqual(searched);
    expect(sameVector).toEqual(vector?.map(Math.fround));
  });

  it("are made anew for other words, limits, collections, settings, weights, and on demand", async () => {
    await ask();
    await ask(line.admin, "What does the Zephyr cost?");
    const call = line.call();
    await kept(line.admin, { ...query(), limit: 3 }, call);
    await kept(line.admin, { ...query(), collectionIds: [collectionId] }, call);
    const followUp = { ...query(), previousQuestion: "Aurora?" };
    await kept(line.admin, followUp, call);
    await kept(line.admin, { ...followUp, previousDocumentIds: [collectionId] }, call);
    await kept(line.admin, { ...query(), isFresh: true }, call);
    embedder = "two";
    await ask();
    expect(searches).toBe(8);
  });

  it("end with every change of the corpus", async () => {
    await ask();
    const { document } = await line.upload(
      collectionId,
      "price.md",
      "# Aurora price\n\nThe Aurora pump costs 55 euros since May.\n",
    );
    await line.workOff();
    expect(await texts()).toContain("55 euros");
    await line.replace(document.id, "price.md", "# Aurora price\n\nIt costs 60 euros.\n");
    await line.workOff();
    expect(await texts()).toContain("60 euros");
    await line.documents.remove(line.admin, document.id);
    expect(await texts()).not.toContain("60 euros");
    expect(searches).toBe(4);
  });

  it("are not shared by people who may read other things, and end with the right to read", async () => {
    const secret = await line.newCollection(line.admin, "private");
    await line.upload(secret, "secret.md", "# Aurora\n\nThe Aurora pump really costs 3 euros.\n");
    await line.workOff();
    const [ann, ben] = [await line.addPerson("member"), await line.addPerson("member")];
    await line.connection.pool.query(
      `insert into collection_grants (collection_id, subject_kind, subject_id, "right") values ($1, 'user', $2, 'read')`,
      [secret, ann.userId],
    );
    expect(await texts(ann)).toContain("3 euros");
    expect(await texts(ben)).not.toContain("3 euros");
    expect(await texts(ann)).toContain("3 euros");
    await line.connection.pool.query("delete from collection_grants where subject_id = $1", [
      ann.userId,
    ]);
    // What she may read now is what he may: his search is hers.
    expect(await texts(ann)).not.toContain("3 euros");
    expect(searches).toBe(2);
  });

  it("are searched for once by all who ask at the same time, whoever leaves", async () => {
    const going = Promise.withResolvers<undefined>();
    hold = going.promise;
    const leaving = new AbortController();
    const left = ask(line.admin, question, leaving.signal);
    const others = [ask(), ask(), ask()];
    await expect.poll(() => searches).toBe(1);
    leaving.abort(new Error("left"));
    await expect(left).rejects.toThrow("left");
    going.resolve(undefined);
    const found = await Promise.all(others);
    expect(new Set(found.map(({ chunks }) => chunks[0]?.text)).size).toBe(1);
    expect(found[0]?.chunks[0]?.text).toContain("40 euros");
    expect(searches).toBe(1);
  });

  it("are searched for anew by the others when the one search fails", async () => {
    const going = Promise.withResolvers<undefined>();
    hold = going.promise;
    const first = ask();
    await expect.poll(() => searches).toBe(1);
    const others = [ask(), ask()];
    hold = Promise.resolve();
    going.reject(new Error("broken"));
    await expect(first).rejects.toThrow("broken");
    for (const found of await Promise.all(others))
      expect(found.chunks[0]?.text).toContain("40 euros");
  });

  it("are everybody's own when the corpus moves while somebody else searches", async () => {
    const going = Promise.withResolvers<undefined>();
    hold = going.promise;
    const first = ask();
    await expect.poll(() => searches).toBe(1);
    const second = ask();
    await line.upload(
      collectionId,
      "late.md",
      "# Aurora late\n\nThe Aurora pump costs 99 euros.\n",
    );
    await line.workOff();
    going.resolve(undefined);
    for (const found of await Promise.all([first, second]))
      expect(JSON.stringify(found.chunks)).toContain("99 euros");
    // Neither was kept: it is of another state than was asked in.
    const before = searches;
    await ask();
    expect(searches).toBe(before + 1);
  });
});
