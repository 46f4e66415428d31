import {
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";
import { answers } from "./conversations.ts";
import { documents } from "./documents.ts";
import { collections } from "./workspaces.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });

/** A question whose right place in the documents is known: what retrieval is measured with. */
export const goldenQuestions = pgTable(
  "golden_questions",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    collectionId: uuid("collection_id")
      .notNull()
      .references(() => collections.id, { onDelete: "cascade" }),
    question: text("question").notNull(),
    /** File name of the document that answers it; `null`: the collection does not answer it. */
    fileName: text("file_name"),
    /** Words of the passage that answers it; empty: any passage of the document. */
    passage: text("passage").notNull().default(""),
    /** The answer whose feedback it was made from. */
    answerId: uuid("answer_id").references(() => answers.id, { onDelete: "set null" }),
    createdBy: text("created_by").notNull(),
    createdAt: at("created_at").notNull().defaultNow(),
  },
  (table) => [index("golden_questions_collection_idx").on(table.collectionId)],
);

/** All golden questions of a collection asked once with one set of parameters. */
export const goldenRuns = pgTable(
  "golden_runs",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    collectionId: uuid("collection_id")
      .notNull()
      .references(() => collections.id, { onDelete: "cascade" }),
    settings: jsonb("settings").$type<Record<string, unknown>>().notNull(),
    metrics: jsonb("metrics").$type<Record<string, number>>().notNull(),
    /** Place of the right passage by question, as far as they have been asked. */
    results: jsonb("results").$type<readonly Record<string, unknown>[]>().notNull(),
    status: text("status", { enum: ["waiting", "running", "complete", "failed"] })
      .notNull()
      .default("waiting"),
    questionCount: integer("question_count").notNull().default(0),
    failure: text("failure"),
    createdBy: text("created_by").notNull(),
    createdAt: at("created_at").notNull().defaultNow(),
    endedAt: at("ended_at"),
  },
  (table) => [index("golden_runs_collection_idx").on(table.collectionId, table.createdAt)],
);

/** What was searched, scored, cut, sent and checked for an answer (core/rag/answer-trace.ts). */
export const answerTraces = pgTable("answer_traces", {
  answerId: uuid("answer_id")
    .primaryKey()
    .references(() => answers.id, { onDelete: "cascade" }),
  trace: jsonb("trace").$type<Record<string, unknown>>().notNull(),
  createdAt: at("created_at").notNull().defaultNow(),
});

/** How often a document was among the sources of an answer, by day (UTC). */
export const documentFinds = pgTable(
  "document_finds",
  {
    documentId: uuid("document_id")
      .notNull()
      .references(() => documents.id, { onDelete: "cascade" }),
    day: text("day").notNull(),
    times: integer("times").notNull(),
  },
  (table) => [primaryKey({ columns: [table.documentId, table.day] })],
);

/** Work list entries that an admin has dealt with. */
export const settledQuestions = pgTable("settled_questions", {
  answerId: uuid("answer_id")
    .primaryKey()
    .references(() => answers.id, { onDelete: "cascade" }),
  settledBy: text("settled_by").notNull(),
  settledAt: at("settled_at").notNull().defaultNow(),
});

/** Documents that were never found and of which an admin knows why. */
export const settledDocuments = pgTable("settled_documents", {
  documentId: uuid("document_id")
    .primaryKey()
    .references(() => documents.id, { onDelete: "cascade" }),
  settledBy: text("settled_by").notNull(),
  settledAt: at("settled_at").notNull().defaultNow(),
});
