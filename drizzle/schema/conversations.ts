import { sql } from "drizzle-orm";
import {
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { users } from "./accounts.ts";
import { workspaces } from "./workspaces.ts";

const tsvector = customType<{ data: string; driverData: string }>({ dataType: () => "tsvector" });

const at = (name: string) => timestamp(name, { withTimezone: true });

export const conversations = pgTable(
  "conversations",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    workspaceId: uuid("workspace_id")
      .notNull()
      .references(() => workspaces.id),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    title: text("title").notNull(),
    /** Who gave the title; a person's own is never replaced. */
    titleBy: text("title_by", { enum: ["question", "person"] })
      .notNull()
      .default("question"),
    /** Collections searched; empty means every collection that the person may read. */
    collectionIds: uuid("collection_ids").array().notNull(),
    /** Last answer of the branch that is shown; without one the newest. */
    tipId: uuid("tip_id"),
    pinnedAt: at("pinned_at"),
    archivedAt: at("archived_at"),
    createdAt: at("created_at").notNull().defaultNow(),
    updatedAt: at("updated_at").notNull().defaultNow(),
    deletedAt: at("deleted_at"),
  },
  (table) => [index("conversations_user_idx").on(table.userId, table.updatedAt)],
);

/** One turn: a question and its answer. Turns with the same parent are branches. `snapshot` is the fold of the answer's events (core/chat/events.ts AnswerSnapshot). */
export const answers = pgTable(
  "answers",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    conversationId: uuid("conversation_id")
      .notNull()
      .references(() => conversations.id, { onDelete: "cascade" }),
    /** The answer before it on its branch; `null` for a first one. */
    parentId: uuid("parent_id"),
    /** Place in its branch, from 0. */
    turn: integer("turn").notNull(),
    question: text("question").notNull(),
    outcome: text("outcome", {
      enum: ["running", "complete", "refused", "stopped", "interrupted", "failed"],
    })
      .notNull()
      .default("running"),
    snapshot: jsonb("snapshot").$type<Record<string, unknown>>(),
    /** The words of question and answer, for the search over the history. */
    searchVector: tsvector("search_vector"),
    /** Which process drives it; a row still `running` under another owner after a restart is interrupted. */
    owner: text("owner").notNull(),
    startedAt: at("started_at").notNull().defaultNow(),
    endedAt: at("ended_at"),
  },
  (table) => [
    index("answers_turn_idx").on(table.conversationId, table.turn),
    index("answers_search_idx").using("gin", table.searchVector),
    // Which answers cite a version of a document: asked before an old one is let go.
    index("answers_sources_idx").using("gin", sql`(${table.snapshot} -> 'sources') jsonb_path_ops`),
    index("answers_outcome_idx").on(table.outcome),
  ],
);

/** A link by which members of the workspace read a conversation, up to the answer that was the last when it was made. */
export const conversationShares = pgTable(
  "conversation_shares",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    conversationId: uuid("conversation_id")
      .notNull()
      .references(() => conversations.id, { onDelete: "cascade" }),
    tipId: uuid("tip_id").notNull(),
    createdAt: at("created_at").notNull().defaultNow(),
  },
  (table) => [index("conversation_shares_conversation_idx").on(table.conversationId)],
);

export const feedback = pgTable(
  "feedback",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    answerId: uuid("answer_id")
      .notNull()
      .references(() => answers.id, { onDelete: "cascade" }),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    rating: text("rating", { enum: ["up", "down"] }).notNull(),
    reason: text("reason"),
    createdAt: at("created_at").notNull().defaultNow(),
  },
  (table) => [uniqueIndex("feedback_answer_user_key").on(table.answerId, table.userId)],
);
