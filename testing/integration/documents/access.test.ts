import { sql, type SQL } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collectionGrants, collections, workspaces } from "#drizzle/schema/index.ts";
import {
  collectionRight,
  mayUseCollection,
  readableCollections,
  writableCollections,
} from "#lib/adapters/database/access.ts";
import { createCollectionStore } from "#lib/adapters/database/collection-store.ts";
import { type DatabaseConnection, openDatabase } from "#lib/adapters/database/connection.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { startTestDatabase, type TestDatabase } from "#testing/services/test-database.ts";

type Grant = readonly ["user" | "everyone", string, "read" | "write" | "manage"];

/** Collection by name: who is granted what. */
const granted: Readonly<Record<string, readonly Grant[]>> = {
  nobody: [],
  "read by all": [["everyone", "*", "read"]],
  "write by ann": [["user", "ann", "write"]],
  "manage by ann, read by all": [
    ["everyone", "*", "read"],
    ["user", "ann", "manage"],
  ],
  "everyone as a person": [["user", "*", "manage"]],
  "a person called everyone": [["everyone", "ann", "manage"]],
  deleted: [["everyone", "*", "manage"]],
};

describe("who may use which collection", () => {
  let database: TestDatabase;
  let connection: DatabaseConnection;
  let workspaceId: string;
  let otherWorkspaceId: string;

  beforeAll(async () => {
    database = await startTestDatabase();
    connection = await openDatabase({ url: database.url, maxConnections: 2 });
    const { db } = connection;
    const made = await db
      .insert(workspaces)
      .values([{ name: "one" }, { name: "other" }])
      .returning({ id: workspaces.id });
    workspaceId = made[0]?.id ?? "";
    otherWorkspaceId = made[1]?.id ?? "";
    for (const [name, grants] of Object.entries(granted)) {
      const deletedAt = name === "deleted" ? new Date() : null;
      const [row] = await db
        .insert(collections)
        .values({ workspaceId, name, deletedAt })
        .returning({ id: collections.id });
      for (const [subjectKind, subjectId, right] of grants)
        await db
          .insert(collectionGrants)
          .values({ collectionId: row?.id ?? "", subjectKind, subjectId, right });
    }
  });
  afterAll(async () => {
    await connection.close();
    await database.close();
  });

  const namesIn = async (ids: SQL): Promise<string[]> => {
    const rows = await connection.db.execute<{ name: string }>(
      sql`select name from collections c where c.id in ${ids} order by name`,
    );
    return rows.rows.map(({ name }) => name);
  };
  const member = (userId: string, workspace = workspaceId): Actor => ({
    userId,
    workspaceId: workspace,
    role: "member",
  });

  it("tells how answers are asked for to who answers, and the words for models to who manages", async () => {
    const store = createCollectionStore({ db: connection.db });
    await connection.db.update(collections).set({ systemPrompt: "Be kind." });
    const promptsOf = async (userId: string) =>
      (await store.list(member(userId))).map(
        ({ name, systemPrompt }) => `${name}: ${systemPrompt}`,
      );
    expect(await promptsOf("ann")).toEqual([
      "read by all: ",
      "write by ann: ",
      "manage by ann, read by all: Be kind.",
    ]);
    const rules = await store.rules(member("bob"), []);
    expect(rules.map(({ name, systemPrompt }) => [name, systemPrompt])).toEqual([
      ["read by all", "Be kind."],
      ["manage by ann, read by all", "Be kind."],
    ]);
    const ids = (await connection.db.select({ id: collections.id }).from(collections)).map(
      ({ id }) => id,
    );
    expect(await store.rules(member("bob"), ids)).toEqual(rules);
    expect(await store.rules(member("bob", otherWorkspaceId), ids)).toEqual([]);
  });

  it("lets members read what is granted to them or to everyone, and nothing else", async () => {
    const all = ["manage by ann, read by all", "read by all"];
    expect(await namesIn(readableCollections(member("bob")))).toEqual(all);
    expect(await namesIn(readableCollections(member("ann")))).toEqual([...all, "write by ann"]);
    expect(await namesIn(writableCollections(member("bob")))).toEqual([]);
    expect(await namesIn(writableCollections(member("ann")))).toEqual([
      "manage by ann, read by all",
      "write by ann",
    ]);
  });

  it("lets admins manage every collection of their workspace that is not deleted, and none of another", async () => {
    const admin: Actor = { userId: "root", workspaceId, role: "admin" };
    const everything = Object.keys(granted).filter((name) => name !== "deleted");
    expect(await namesIn(writableCollections(admin))).toEqual(everything.sort());
    const foreign: Actor = { ...admin, workspaceId: otherWorkspaceId };
    expect(await namesIn(readableCollections(foreign))).toEqual([]);
    expect(await namesIn(readableCollections(member("ann", otherWorkspaceId)))).toEqual([]);
  });

  it("names the best right, also in a select from collections alone", async () => {
    const rightsOf = async (actor: Actor) => {
      const rows = await connection.db
        .select({ name: collections.name, right: collectionRight(actor) })
        .from(collections)
        .where(mayUseCollection(actor, "read"));
      return Object.fromEntries(rows.map(({ name, right }) => [name, right]));
    };
    expect(await rightsOf(member("ann"))).toEqual({
      "read by all": "read",
      "write by ann": "write",
      "manage by ann, read by all": "manage",
    });
    const admin: Actor = { userId: "root", workspaceId, role: "admin" };
    expect(new Set(Object.values(await rightsOf(admin)))).toEqual(new Set(["manage"]));
  });
});
