import { afterAll, beforeAll, expect, it } from "vitest";
import { eq } from "drizzle-orm";
import { conversations, sessions, users, workspaces } from "#drizzle/schema/index.ts";
import { createCollectionStore } from "#lib/adapters/database/collection-store.ts";
import { type DatabaseConnection, openDatabase } from "#lib/adapters/database/connection.ts";
import { retireConversations } from "#lib/adapters/database/conversation-retention.ts";
import { forgetExpiredAccess } from "#lib/adapters/database/expired-access.ts";
import { createConversationStore } from "#lib/adapters/database/conversation-store.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { startTestDatabase, type TestDatabase } from "#testing/services/test-database.ts";

const dayMs = 86_400_000;
let database: TestDatabase;
let connection: DatabaseConnection;
let ann: Actor;

beforeAll(async () => {
  database = await startTestDatabase();
  connection = await openDatabase({ url: database.url, maxConnections: 2 });
  const { db } = connection;
  const [made] = await db.insert(workspaces).values({ name: "one" }).returning();
  const workspaceId = made!.id;
  await db
    .insert(users)
    .values({ id: "ann", workspaceId, name: "Ann", email: "ann@example.org", role: "member" });
  ann = { userId: "ann", workspaceId, role: "member" };
});
afterAll(async () => {
  await connection.close();
  await database.close();
});

it("ends old chats with their files and those never asked in; pinned and fresh ones stay", async () => {
  const { db } = connection;
  const store = createConversationStore({ db });
  const chat = async (ageDays: number, question: string | null): Promise<string> => {
    const { id } = await store.create(ann, { title: "Chat", collectionIds: [] });
    if (question !== null) await store.addTurn(ann, id, { question, owner: "test" });
    const at = new Date(Date.now() - ageDays * dayMs);
    await db
      .update(conversations)
      .set({ updatedAt: at, createdAt: at })
      .where(eq(conversations.id, id));
    return id;
  };
  const [old, pinned, fresh, never] = [
    await chat(40, "One?"),
    await chat(40, "One?"),
    await chat(3, "One?"),
    await chat(3, null),
  ];
  const files = await store.makeAttachments(ann, old);
  await store.change(ann, pinned, { pinned: true });
  const gone = { code: "not_found" };

  await retireConversations(db, 0);
  await expect(store.get(ann, never)).rejects.toMatchObject(gone);
  expect((await store.list(ann)).map(({ id }) => id).sort()).toEqual([old, pinned, fresh].sort());

  await retireConversations(db, 30);
  expect((await store.list(ann)).map(({ id }) => id).sort()).toEqual([pinned, fresh].sort());
  await expect(createCollectionStore({ db }).get(ann, files)).rejects.toMatchObject(gone);
});

it("forgets sessions that are over, with the address that they came from, and no other", async () => {
  const { db } = connection;
  const session = (id: string, leftMs: number) => ({
    ...{ id, token: id, userId: "ann", ipAddress: "192.0.2.1" },
    expiresAt: new Date(Date.now() + leftMs),
  });
  await db.insert(sessions).values([session("over", -1000), session("open", dayMs)]);
  await forgetExpiredAccess(db);
  expect((await db.select().from(sessions)).map(({ id }) => id)).toEqual(["open"]);
});
