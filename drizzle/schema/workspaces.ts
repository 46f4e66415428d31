import {
  bigint,
  bigserial,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";

const at = (name: string) => timestamp(name, { withTimezone: true });

export const workspaces = pgTable("workspaces", {
  id: uuid("id").primaryKey().defaultRandom(),
  name: text("name").notNull(),
  createdAt: at("created_at").notNull().defaultNow(),
});

/** A named set of documents that is searched, granted and configured as one. */
export const collections = pgTable(
  "collections",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    workspaceId: uuid("workspace_id")
      .notNull()
      .references(() => workspaces.id),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    /** Postgres text-search configuration of new documents, e.g. `english`; `auto`: each in its own language. */
    language: text("language").notNull().default("auto"),
    /** `strict`: only what the documents say; `open`: a model may answer from what it knows, marked as such. */
    answerMode: text("answer_mode", { enum: ["strict", "open"] })
      .notNull()
      .default("strict"),
    /** What people read when the documents do not hold the answer; empty: Drover's own words. */
    refusalText: text("refusal_text").notNull().default(""),
    /** Documents are removed this many days after they were added; null = kept. */
    retentionDays: integer("retention_days"),
    isDemo: boolean("is_demo").notNull().default(false),
    /** Counts every publication and removal of a document; caches are bound to it. */
    corpusGeneration: bigint("corpus_generation", { mode: "number" }).notNull().default(0),
    /** Files attached to one conversation: a collection that only its owner can use. No reference: areas stay apart. */
    conversationId: uuid("conversation_id"),
    /** What the models are told besides Drover's own instructions. */
    systemPrompt: text("system_prompt").notNull().default(""),
    answerStyle: text("answer_style", { enum: ["short", "balanced", "thorough"] })
      .notNull()
      .default("balanced"),
    /** `question`: the language of the question; else a language tag. */
    answerLanguage: text("answer_language").notNull().default("question"),
    createdBy: text("created_by"),
    createdAt: at("created_at").notNull().defaultNow(),
    deletedAt: at("deleted_at"),
  },
  (table) => [
    index("collections_workspace_idx").on(table.workspaceId),
    uniqueIndex("collections_conversation_key").on(table.conversationId),
  ],
);

/** Who may do what with a collection. `everyone` means every member of the workspace and has the subject id `*`. */
export const collectionGrants = pgTable(
  "collection_grants",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    collectionId: uuid("collection_id")
      .notNull()
      .references(() => collections.id, { onDelete: "cascade" }),
    subjectKind: text("subject_kind", { enum: ["user", "group", "everyone"] }).notNull(),
    subjectId: text("subject_id").notNull(),
    right: text("right", { enum: ["read", "write", "manage"] }).notNull(),
    createdAt: at("created_at").notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex("collection_grants_subject_key").on(
      table.collectionId,
      table.subjectKind,
      table.subjectId,
    ),
    index("collection_grants_subject_idx").on(table.subjectKind, table.subjectId),
  ],
);

/** Append-only (a trigger refuses every change and removal) record of sign-ins and admin actions; no question or answer text. */
export const auditLog = pgTable(
  "audit_log",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    at: at("at").notNull().defaultNow(),
    workspaceId: uuid("workspace_id"),
    actorId: text("actor_id"),
    /** Name and address of the actor at that time: the row outlives the account. */
    actorName: text("actor_name"),
    /** `area.verb`, e.g. `collection.create`. */
    action: text("action").notNull(),
    target: text("target"),
    /** What the target was called at that time: the row outlives it. */
    targetName: text("target_name"),
    address: text("address"),
    detail: jsonb("detail").$type<Record<string, unknown>>(),
  },
  (table) => [
    index("audit_log_at_idx").on(table.at),
    index("audit_log_workspace_idx").on(table.workspaceId, table.id),
  ],
);
