import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { users } from "./accounts.ts";
import { workspaces } from "./workspaces.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });
const workspaceId = () =>
  uuid("workspace_id")
    .notNull()
    .references(() => workspaces.id, { onDelete: "cascade" });

/** Wordings that were asked and went through the cache: what is popular, and what is still to be proven at idle time. */
export const cacheWordings = pgTable(
  "cache_wordings",
  {
    workspaceId: workspaceId(),
    scopeKey: text("scope_key").notNull(),
    exactKey: text("exact_key").notNull(),
    question: text("question").notNull(),
    /** Whose rights the scope stands for: the last who asked it. */
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    collectionIds: uuid("collection_ids").array().notNull(),
    asked: integer("asked").notNull(),
    lastAskedAt: at("last_asked_at").notNull(),
    /** The last time that it was a miss, and the last time that idle time looked at it. */
    missedAt: at("missed_at"),
    verifiedAt: at("verified_at"),
    /** What the verification said: `alias`, or why not. */
    verdict: text("verdict"),
  },
  (table) => [
    primaryKey({ columns: [table.scopeKey, table.exactKey] }),
    index("cache_wordings_workspace_idx").on(table.workspaceId, table.lastAskedAt),
  ],
);

/** Hits that are answered once more at idle time, to see whether the fresh answer agrees. */
export const cacheShadows = pgTable(
  "cache_shadows",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    workspaceId: workspaceId(),
    /** No reference: the result outlives the entry. */
    entryId: uuid("entry_id").notNull(),
    answerKey: text("answer_key").notNull(),
    /** What served it: `alias` or `semantic`. */
    result: text("result").notNull(),
    question: text("question").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    collectionIds: uuid("collection_ids").array().notNull(),
    createdAt: at("created_at").notNull().defaultNow(),
    checkedAt: at("checked_at"),
    /** `null`: not checked, or nothing could be said (the documents moved, no answer came). */
    agrees: boolean("agrees"),
  },
  (table) => [index("cache_shadows_workspace_idx").on(table.workspaceId, table.createdAt)],
);

/** Two wordings whose answers were seen to differ: neither is ever served for the other. Keys in alphabetical order. */
export const cacheBlockedPairs = pgTable(
  "cache_blocked_pairs",
  {
    workspaceId: workspaceId(),
    oneKey: text("one_key").notNull(),
    otherKey: text("other_key").notNull(),
    createdAt: at("created_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.oneKey, table.otherKey] })],
);

/** Questions that admins want answered in advance; with an answer of their own it is curated. */
export const cacheListedQuestions = pgTable(
  "cache_listed_questions",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    workspaceId: workspaceId(),
    exactKey: text("exact_key").notNull(),
    question: text("question").notNull(),
    /** Collections that it is asked of; empty: all. */
    collectionIds: uuid("collection_ids").array().notNull(),
    /** In the admin's own words; `null`: answered as any question. */
    answer: text("answer"),
    /** The curated answer in the form of an answer (core/chat/events.ts AnswerSnapshot). */
    snapshot: jsonb("snapshot").$type<Record<string, unknown>>(),
    cited: jsonb("cited").$type<readonly Record<string, string>[]>(),
    rankedChunkIds: text("ranked_chunk_ids").array(),
    generations: jsonb("generations").$type<Record<string, number>>(),
    createdBy: text("created_by"),
    createdAt: at("created_at").notNull().defaultNow(),
    updatedAt: at("updated_at").notNull().defaultNow(),
  },
  (table) => [uniqueIndex("cache_listed_questions_key").on(table.workspaceId, table.exactKey)],
);

/** One round of the prewarmer and what it cost. */
export const cachePrewarmRuns = pgTable(
  "cache_prewarm_runs",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    startedAt: at("started_at").notNull().defaultNow(),
    endedAt: at("ended_at"),
    /** `start`, `timer`, `documents` or `admin`. */
    trigger: text("trigger").notNull(),
    /** `requested`, `running`, `complete`, `stopped` or `failed`. */
    outcome: text("outcome").notNull(),
    counts: jsonb("counts").$type<Record<string, number>>().notNull(),
    costMs: bigint("cost_ms", { mode: "number" }).notNull().default(0),
    costTokens: bigint("cost_tokens", { mode: "number" }).notNull().default(0),
  },
  (table) => [index("cache_prewarm_runs_started_idx").on(table.startedAt)],
);

/** Who leads what: a row that its owner renews. Advisory locks are no locks in the embedded database. */
export const leaderLeases = pgTable("leader_leases", {
  name: text("name").primaryKey(),
  owner: text("owner").notNull(),
  expiresAt: at("expires_at").notNull(),
});
