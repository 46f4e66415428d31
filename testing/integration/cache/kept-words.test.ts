import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createCacheOverviewStore } from "#lib/adapters/database/cache-overview.ts";
import { createCachePrewarmStore } from "#lib/adapters/database/cache-prewarm-store.ts";
import { createConversationStore } from "#lib/adapters/database/conversation-store.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { exactText } from "#lib/core/cache/answer-key.ts";
import type { CacheEntryDetail } from "#lib/ports/cache-overview.ts";
import { type CachedLine, startCachedLine } from "./cached-line.ts";

const question = "How long is the warranty of the Aurora 300 pump?";
const handbook = "# Warranty\n\nThe warranty of the Aurora 300 pump is 24 months.\n";
const page = { offset: 0, limit: 50 };

describe("the words of kept questions", () => {
  let line: CachedLine;
  let members: readonly Actor[];

  beforeAll(async () => {
    line = await startCachedLine();
    const collectionId = await line.newCollection();
    await line.addDocument(collectionId, "warranty.md", handbook);
    members = [
      await line.addPerson("member"),
      await line.addPerson("member"),
      await line.addPerson("member"),
    ];
  });
  afterAll(() => line.close());
  beforeEach(async () => {
    for (const table of ["cache_entries", "cache_wordings", "cache_listed_questions", "feedback"])
      await line.connection.pool.query(`delete from ${table}`);
  });

  const overview = () => createCacheOverviewStore({ database: line.connection.db });
  const only = async (): Promise<CacheEntryDetail> => {
    const [found] = await overview().entries(line.admin, "", page);
    if (found === undefined) throw new Error("nothing is kept");
    const detail = await overview().entry(line.admin, found.id);
    expect(detail.question).toBe(found.question);
    const matching = await overview().entries(line.admin, "aurora", page);
    expect(matching).toHaveLength(found.question === null ? 0 : 1);
    return detail;
  };
  const asked = async (count: number): Promise<readonly string[]> => {
    const answerIds: string[] = [];
    for (const member of members.slice(0, count))
      answerIds.push((await line.ask(member, question)).answerId);
    await line.log.flush();
    return answerIds;
  };

  it("of one or two people are not shown to admins, nor found, and the document's sentences are", async () => {
    await asked(2);
    const kept = await only();
    expect(kept).toMatchObject({ question: null, hits: 1, answer: { sentences: [] } });
    expect(kept.answer.quotes[0]?.text).toContain("24 months");
    expect(JSON.stringify(kept)).not.toContain("How long");
  });

  it("are shown when a third person asked alike", async () => {
    await asked(3);
    expect((await only()).question).toBe(question);
  });

  it("are shown when the person rated the answer, to whom it is for", async () => {
    const [answerId = ""] = await asked(1);
    const conversations = createConversationStore({ db: line.connection.db });
    const [asker] = members;
    if (asker === undefined) throw new Error("nobody asked");
    await conversations.rate(asker, answerId, { rating: "down" });
    expect((await only()).question).toBe(question);
  });

  it("are shown to the admin who asked, not to another one", async () => {
    await line.ask(line.admin, question);
    await line.log.flush();
    expect((await only()).question).toBe(question);
    const other = await line.addPerson("admin");
    expect(await overview().entries(other, "", page)).toMatchObject([{ question: null }]);
  });

  it("are shown when an admin listed the question", async () => {
    await asked(1);
    const listed = { question, exactText: exactText(question), collectionIds: [], curated: null };
    await createCachePrewarmStore({ database: line.connection.db }).list(line.admin, listed);
    expect((await only()).question).toBe(question);
  });

  it("of other wordings follow the same rule", async () => {
    await asked(3);
    const { id } = await only();
    const own = "How many months of warranty has the Aurora 300 pump?";
    await line.connection.pool.query(
      `insert into cache_aliases (scope_key, exact_key, entry_id, question, answer_key)
        select scope_key, 'other', id, $2, answer_key from cache_entries where id = $1`,
      [id, own],
    );
    expect((await only()).aliases).toMatchObject([{ question: null }]);
    await line.connection.pool.query(
      `insert into cache_wordings (workspace_id, scope_key, exact_key, question, user_id, collection_ids, asked, last_asked_at)
        select workspace_id, scope_key, 'other', $2, $3, '{}', 1, now() from cache_entries where id = $1`,
      [id, own, line.admin.userId],
    );
    expect((await only()).aliases).toMatchObject([{ question: own }]);
  });
});
