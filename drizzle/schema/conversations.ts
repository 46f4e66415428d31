import {
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
    /** Collections searched; empty means every collection that the person may read. */
    collectionIds: uuid("collection_ids").array().notNull(),
    createdAt: at("created_at").notNull().defaultNow(),
    updatedAt: at("updated_at").notNull().defaultNow(),
    deletedAt: at("deleted_at"),
  },
  (table) => [index("conversations_user_idx").on(table.userId, table.updatedAt)],
);

/** One turn: a question and its answer. `snapshot` is the fold of the answer's events (core/chat/events.ts AnswerSnapshot). */
export const answers = pgTable(
  "answers",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    conversationId: uuid("conversation_id")
      .notNull()
      .references(() => conversations.id, { onDelete: "cascade" }),
    /** Place in the conversation, from 0. */
    turn: integer("turn").notNull(),
    question: text("question").notNull(),
    outcome: text("outcome", {
      enum: ["running", "complete", "refused", "stopped", "interrupted", "failed"],
    })
      .notNull()
      .default("running"),
    snapshot: jsonb("snapshot").$type<Record<string, unknown>>(),
    /** Which process drives it; a row still `running` under another owner after a restart is interrupted. */
    owner: text("owner").notNull(),
    startedAt: at("started_at").notNull().defaultNow(),
    endedAt: at("ended_at"),
  },
  (table) => [
    uniqueIndex("answers_turn_key").on(table.conversationId, table.turn),
    index("answers_outcome_idx").on(table.outcome),
  ],
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
