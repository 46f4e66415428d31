import {
  bigint,
  customType,
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
import { workspaces } from "./workspaces.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });
const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });
const vector = customType<{ data: string; driverData: string }>({ dataType: () => "vector" });

/** Answers that may be given again, each with the evidence that has to hold when it is. What is not here is served by no tier. */
export const cacheEntries = pgTable(
  "cache_entries",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    workspaceId: uuid("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    /** Hash of everything beside the question that can change the answer, what the asker may read included. */
    scopeKey: text("scope_key").notNull(),
    /** Hash of the question's exact text and of its form; no form when it has none that can be compared. */
    exactKey: text("exact_key").notNull(),
    formKey: text("form_key"),
    question: text("question").notNull(),
    embedding: vector("embedding"),
    /** The kept part of the answer (core/chat/events.ts AnswerSnapshot). */
    answer: jsonb("answer").$type<Record<string, unknown>>().notNull(),
    answerKey: text("answer_key").notNull(),
    /** Chunks that it cites: `[{ chunkId, contentHash, collectionId }]`. */
    cited: jsonb("cited").$type<readonly Record<string, string>[]>().notNull(),
    /** What retrieval had found, best first. */
    rankedChunkIds: text("ranked_chunk_ids").array().notNull(),
    /** Corpus generation of each collection of the scope when retrieval ran. */
    generations: jsonb("generations").$type<Record<string, number>>().notNull(),
    source: text("source", { enum: ["asked", "prewarmed", "curated"] }).notNull(),
    /** The answer that it was made from. */
    answerId: uuid("answer_id"),
    bytes: integer("bytes").notNull(),
    costMs: integer("cost_ms").notNull(),
    costTokens: integer("cost_tokens").notNull(),
    hits: integer("hits").notNull().default(0),
    lastHitAt: at("last_hit_at"),
    createdAt: at("created_at").notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex("cache_entries_exact_key").on(table.scopeKey, table.exactKey),
    index("cache_entries_form_idx").on(table.scopeKey, table.formKey),
    index("cache_entries_workspace_idx").on(table.workspaceId, table.createdAt),
    index("cache_entries_answer_idx").on(table.answerId),
  ],
);

/** Other wordings that were proven to ask the same, looked up exactly. */
export const cacheAliases = pgTable(
  "cache_aliases",
  {
    scopeKey: text("scope_key").notNull(),
    exactKey: text("exact_key").notNull(),
    entryId: uuid("entry_id")
      .notNull()
      .references(() => cacheEntries.id, { onDelete: "cascade" }),
    question: text("question").notNull(),
    /** The answer that both wordings were seen to have: an entry that says something else now has no aliases. */
    answerKey: text("answer_key").notNull().default(""),
    /** What was seen (core/cache/alias-proof.ts AliasProof). */
    proof: jsonb("proof").$type<Record<string, unknown>>().notNull().default({}),
    createdAt: at("created_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.scopeKey, table.exactKey] }),
    index("cache_aliases_entry_idx").on(table.entryId),
  ],
);

/** Answers that were called wrong: none of them enters again for the same question. */
export const cacheTombstones = pgTable(
  "cache_tombstones",
  {
    workspaceId: uuid("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    exactKey: text("exact_key").notNull(),
    answerKey: text("answer_key").notNull(),
    createdAt: at("created_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.exactKey, table.answerKey] })],
);

/** Which entry stood behind which answer, so that a "wrong answer" finds it. */
export const cacheServings = pgTable(
  "cache_servings",
  {
    answerId: uuid("answer_id").primaryKey(),
    entryId: uuid("entry_id")
      .notNull()
      .references(() => cacheEntries.id, { onDelete: "cascade" }),
    servedAt: at("served_at").notNull().defaultNow(),
  },
  (table) => [index("cache_servings_entry_idx").on(table.entryId)],
);

/** Look-ups by hour and by how they ended. */
export const cacheCounts = pgTable(
  "cache_counts",
  {
    workspaceId: uuid("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    hour: at("hour").notNull(),
    /** `exact`, `alias`, `semantic`, `miss` or `bypassed`. */
    result: text("result").notNull(),
    /** Why it was no hit; empty for hits. */
    reason: text("reason").notNull(),
    lookups: integer("lookups").notNull(),
    savedMs: bigint("saved_ms", { mode: "number" }).notNull(),
    savedTokens: bigint("saved_tokens", { mode: "number" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.hour, table.result, table.reason] })],
);

/** What can be computed again (core/cache/cached-kinds.ts), by a hash of everything that it depends on. */
export const cacheValues = pgTable(
  "cache_values",
  {
    key: text("key").primaryKey(),
    value: bytea("value").notNull(),
    bytes: integer("bytes").notNull(),
    expiresAt: at("expires_at").notNull(),
    /** To the day. */
    usedAt: at("used_at").notNull(),
  },
  (table) => [
    index("cache_values_expiry_idx").on(table.expiresAt),
    index("cache_values_use_idx").on(table.usedAt),
  ],
);

/** Reads of each tier by hour, of all processes and workspaces together. */
export const cacheTierCounts = pgTable(
  "cache_tier_counts",
  {
    hour: at("hour").notNull(),
    /** `embedding`, `sentence`, `retrieval` or `answer`. */
    kind: text("kind").notNull(),
    /** `memory`, `redis` or `database`. */
    tier: text("tier").notNull(),
    /** `hit`, `miss` or `failed`; a tier that is not asked since it fails counts as `failed`. */
    result: text("result").notNull(),
    lookups: bigint("lookups", { mode: "number" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.hour, table.kind, table.tier, table.result] })],
);
