import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { eq, sql } from "drizzle-orm";
import {
  collectionGrants,
  collectionSources,
  documents,
  documentVersions,
  goldenQuestions,
  goldenRuns,
  users,
  workspaces,
} from "#drizzle/schema/index.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import type { Things } from "./matrix-entry.ts";
import { addPerson, type Browser, password, setUpAdmin, suspend } from "./people.ts";
import type { TestContainer } from "./test-container.ts";

export const actorKinds = [
  "nobody",
  "revoked",
  "suspended",
  "outsider",
  "member",
  /** Was an admin and is a member now. */
  "demoted",
  /** May read the collection as a member of a group. */
  "groupReader",
  "reader",
  "owner",
  "admin",
] as const;
export type ActorKind = (typeof actorKinds)[number];

export interface World {
  readonly people: Readonly<Record<ActorKind, Browser>>;
  /** Fresh things: a private collection with a document, a conversation, an answer and a session of the owner; a person, an invitation, a group. */
  makeThings(): Promise<Things>;
  /** Signs a person in again after a call that ended their session. */
  signIn(kind: ActorKind): Promise<void>;
}

export const nobodysThings = (): Things => ({
  collection: randomUUID(),
  document: randomUUID(),
  conversation: randomUUID(),
  answer: randomUUID(),
  share: randomUUID(),
  session: randomUUID().replaceAll("-", ""),
  sessionOwner: randomUUID().replaceAll("-", ""),
  person: randomUUID().replaceAll("-", ""),
  invitation: randomUUID(),
  group: randomUUID(),
  node: randomUUID(),
  source: randomUUID(),
  goldenQuestion: randomUUID(),
  goldenRun: randomUUID(),
});

async function publishedDocument(test: TestContainer, admin: Actor, collectionId: string) {
  const { db } = test.connection;
  const words = new TextEncoder().encode(`A plan called ${randomUUID()}.`);
  const { document } = await test.container.uploadDocument(
    admin,
    { collectionId, fileName: "plan.txt", content: Readable.from([words]) },
    new AbortController().signal,
  );
  const [version] = await db
    .insert(documentVersions)
    .values({ documentId: document.id, text: "abc", language: "simple", publishedAt: new Date() })
    .returning();
  await db
    .update(documents)
    .set({ publishedVersionId: version!.id, status: "failed" })
    .where(eq(documents.id, document.id));
  await db.execute(sql`update jobs set status = 'dead' where status = 'waiting'`);
  return document.id;
}

/** An account that nobody signs in with. */
async function insertPerson(db: TestContainer["connection"]["db"], workspaceId: string) {
  const id = randomUUID().replaceAll("-", "");
  const email = `${id}@example.org`;
  await db.insert(users).values({ id, name: "Somebody", email, workspaceId });
  return id;
}

async function insertSource(
  db: TestContainer["connection"]["db"],
  collectionId: string,
  createdBy: string,
) {
  const [source] = await db
    .insert(collectionSources)
    .values({ ...{ collectionId, createdBy }, kind: "web", location: "https://example.org/a" })
    .returning();
  return { source: source!.id };
}

/** A golden question of the collection, and a run that has ended. */
async function insertGolden(
  db: TestContainer["connection"]["db"],
  collectionId: string,
  createdBy: string,
) {
  const [question] = await db
    .insert(goldenQuestions)
    .values({ collectionId, createdBy, question: "Where is the answer?" })
    .returning();
  const [run] = await db
    .insert(goldenRuns)
    .values({
      ...{ collectionId, createdBy, settings: {}, metrics: {}, results: [] },
      status: "complete",
    })
    .returning();
  return { goldenQuestion: question!.id, goldenRun: run!.id };
}

async function makeThings(test: TestContainer, people: World["people"], workspaceId: string) {
  const { db } = test.connection;
  const admin: Actor = { userId: people.admin.userId, workspaceId, role: "admin" };
  const owner: Actor = { userId: people.owner.userId, workspaceId, role: "member" };
  const { id: collection } = await test.container.collections.create(admin, {
    name: "Private",
    visibility: "private",
  });
  const group = await test.container.groups.create(admin, `Readers ${randomUUID()}`);
  await test.container.groups.change(admin, group.id, { memberIds: [people.groupReader.userId] });
  const { invitation } = await test.container.accounts.invite(
    admin,
    { email: null, role: "member", groupIds: [] },
    { headers: new Headers(), address: null },
  );
  await db.insert(collectionGrants).values([
    {
      collectionId: collection,
      subjectKind: "user",
      subjectId: people.owner.userId,
      right: "write",
    },
    {
      collectionId: collection,
      subjectKind: "user",
      subjectId: people.reader.userId,
      right: "read",
    },
    { collectionId: collection, subjectKind: "group", subjectId: group.id, right: "read" },
  ]);
  const document = await publishedDocument(test, admin, collection);
  const conversation = await test.container.conversations.create(owner, {
    title: "Mine",
    collectionIds: [collection],
  });
  const { answerId } = await test.container.conversations.addTurn(owner, conversation.id, {
    question: "?",
    owner: "another process",
  });
  const share = await test.container.shares.create(owner, conversation.id);
  const held = await test.container.accounts.signIn(
    { email: "owner@example.org", password },
    { headers: new Headers(), address: null },
  );
  return {
    collection,
    document,
    conversation: conversation.id,
    answer: answerId,
    share: share.id,
    session: held.sessionId,
    sessionOwner: people.owner.userId,
    person: await insertPerson(db, workspaceId),
    invitation: invitation.id,
    group: group.id,
    // The one node of these tests, as the configuration names it.
    node: "127.0.0.1:9",
    ...(await insertSource(db, collection, admin.userId)),
    ...(await insertGolden(db, collection, admin.userId)),
  };
}

export async function createWorld(test: TestContainer, origin: string): Promise<World> {
  const admin = await setUpAdmin(test, origin);
  const identity = (await (await admin.send("GET", "/api/session")).json()) as {
    workspace: { id: string };
  };
  const workspaceId = identity.workspace.id;
  const [elsewhere] = await test.connection.db
    .insert(workspaces)
    .values({ name: "Elsewhere" })
    .returning();
  const person = (name: string, workspace = workspaceId, role: Actor["role"] = "member") =>
    addPerson(test, origin, { email: `${name}@example.org`, role, workspaceId: workspace });
  const people = {
    admin,
    nobody: Object.assign(await person("nobody"), { cookie: "" }),
    revoked: await person("revoked"),
    suspended: await person("suspended"),
    outsider: await person("outsider", elsewhere!.id, "admin"),
    member: await person("member"),
    demoted: await person("demoted", workspaceId, "admin"),
    groupReader: await person("groupreader"),
    reader: await person("reader"),
    owner: await person("owner"),
  };
  const kept = people.revoked.cookie;
  await people.revoked.send("DELETE", "/api/session");
  people.revoked.cookie = kept;
  await suspend(test, people.suspended);
  await admin.send("PATCH", `/api/people/${people.demoted.userId}`, { role: "member" });
  await people.demoted.send("POST", "/api/session", { email: "demoted@example.org", password });
  const emails: Partial<Record<ActorKind, string>> = { admin: "ada@example.org" };
  return {
    people,
    makeThings: () => makeThings(test, people, workspaceId),
    async signIn(kind) {
      const email = emails[kind] ?? `${kind.toLowerCase()}@example.org`;
      await people[kind].send("POST", "/api/session", { email, password });
    },
  };
}
