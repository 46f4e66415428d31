import {
  collectionGrants,
  collections,
  documents,
  users,
  workspaces,
} from "#drizzle/schema/index.ts";
import { createAnswerStore } from "#lib/adapters/database/answer-store.ts";
import { createCollectionStore } from "#lib/adapters/database/collection-store.ts";
import { type DatabaseConnection, openDatabase } from "#lib/adapters/database/connection.ts";
import { createConversationStore } from "#lib/adapters/database/conversation-store.ts";
import { createDocumentStore } from "#lib/adapters/database/document-store.ts";
import { createShareStore } from "#lib/adapters/database/share-store.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import type { AnswerSnapshot, Source } from "#lib/core/chat/events.ts";
import { emptyAnswer } from "#lib/core/chat/fold-answer.ts";
import { startTestDatabase } from "#testing/services/test-database.ts";

interface AskedConversation {
  readonly id: string;
  readonly answerIds: readonly string[];
}

/** A workspace of two members, Ann and Ben, and an admin, Ada. */
export interface ChatData {
  readonly connection: DatabaseConnection;
  readonly stores: ReturnType<typeof storesOf>;
  readonly actor: (id: "ann" | "ben" | "ada") => Actor;
  /** A document that these people may read. */
  readonly documentFor: (...people: readonly string[]) => Promise<string>;
  /** A conversation of Ann's with one answer for each question. */
  readonly conversationOf: (
    ...turns: readonly (readonly [string, AnswerSnapshot])[]
  ) => Promise<AskedConversation>;
  readonly close: () => Promise<void>;
}

const storesOf = ({ db }: DatabaseConnection) => ({
  conversations: createConversationStore({ db }),
  answers: createAnswerStore({ db }),
  shares: createShareStore({ db }),
  collections: createCollectionStore({ db }),
  documents: createDocumentStore({ database: db }),
});

export async function openChatData(): Promise<ChatData> {
  const database = await startTestDatabase();
  const connection = await openDatabase({ url: database.url, maxConnections: 3 });
  const { db } = connection;
  const workspaceId = await addPeople(connection);
  const stores = storesOf(connection);
  const actor: ChatData["actor"] = (id) => ({
    userId: id,
    workspaceId,
    role: id === "ada" ? "admin" : "member",
  });
  const documentFor = async (...people: readonly string[]): Promise<string> => {
    const [collection] = await db
      .insert(collections)
      .values({ workspaceId, name: people.join("+") })
      .returning({ id: collections.id });
    for (const subjectId of people)
      await db
        .insert(collectionGrants)
        .values({ collectionId: collection!.id, subjectKind: "user", subjectId, right: "read" });
    const [document] = await db
      .insert(documents)
      .values({
        collectionId: collection!.id,
        title: "T",
        fileName: "t.txt",
        mediaType: "text/plain",
        bytes: 1,
        contentHash: "h",
        fileKey: collection!.id,
        createdBy: "ada",
      })
      .returning({ id: documents.id });
    return document!.id;
  };
  const conversationOf = async (
    ...turns: readonly (readonly [string, AnswerSnapshot])[]
  ): Promise<AskedConversation> => {
    const { conversations, answers } = stores;
    const { id } = await conversations.create(actor("ann"), { title: "Chat", collectionIds: [] });
    const answerIds: string[] = [];
    for (const [question, snapshot] of turns) {
      const { answerId } = await conversations.addTurn(actor("ann"), id, {
        question,
        owner: "test",
      });
      await answers.finish(answerId, "complete", snapshot);
      answerIds.push(answerId);
    }
    return { id, answerIds };
  };
  return {
    connection,
    stores,
    actor,
    documentFor,
    conversationOf,
    async close() {
      await connection.close();
      await database.close();
    },
  };
}

/** @returns the workspace's id */
async function addPeople(connection: DatabaseConnection): Promise<string> {
  const [workspace] = await connection.db
    .insert(workspaces)
    .values({ name: "one" })
    .returning({ id: workspaces.id });
  for (const id of ["ann", "ben", "ada"])
    await connection.db.insert(users).values({
      id,
      workspaceId: workspace!.id,
      name: id,
      email: `${id}@example.org`,
      role: id === "ada" ? "admin" : "member",
    });
  return workspace!.id;
}

const sourceIn = (documentId: string, citation: number): Source => ({
  citation,
  documentId,
  chunkId: "k",
  versionId: "v",
  documentTitle: "T",
  collectionId: "c",
  collectionName: "C",
  headingPath: [],
  page: null,
  charStart: 0,
  charEnd: 1,
  text: "the whole passage",
  score: 1,
});

/** An answer that quotes these texts of these documents. */
export const answerFrom = (...cited: readonly (readonly [string, string])[]): AnswerSnapshot => ({
  ...emptyAnswer,
  outcome: "complete",
  sources: cited.map(([documentId], index) => sourceIn(documentId, index + 1)),
  quotes: cited.map(([, text], index) => ({
    citation: index + 1,
    text: `quote ${text}`,
    charStart: 0,
    charEnd: 1,
  })),
  sentences: cited.map(([, text], index) => ({
    text: `Sentence ${text}.`,
    citations: [index + 1],
    supported: true,
  })),
});
