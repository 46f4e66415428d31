import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  customType,
  doublePrecision,
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
import { collections } from "./workspaces.ts";

const at = (name: string) => timestamp(name, { withTimezone: true });

/** pgvector without a fixed dimension: the dimension belongs to the embedding space. Written and read as `[0.1,…]`. */
const vector = customType<{ data: string; driverData: string }>({ dataType: () => "vector" });
const bits = customType<{ data: string; driverData: string }>({ dataType: () => "bit varying" });
const tsvector = customType<{ data: string; driverData: string }>({ dataType: () => "tsvector" });

export const documentStatuses = ["queued", "processing", "ready", "failed", "cancelled"] as const;
export const ingestStages = ["waiting", "reading", "chunking", "embedding", "publishing"] as const;

export interface DocumentFile {
  readonly fileKey: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly contentHash: string;
}

/** A file in a collection. Readers see the version in `publishedVersionId`, nothing else. */
export const documents = pgTable(
  "documents",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    collectionId: uuid("collection_id")
      .notNull()
      .references(() => collections.id, { onDelete: "cascade" }),
    title: text("title").notNull(),
    fileName: text("file_name").notNull(),
    mediaType: text("media_type").notNull(),
    bytes: bigint("bytes", { mode: "number" }).notNull(),
    /** SHA-256 of the file, hex. */
    contentHash: text("content_hash").notNull(),
    /** Key of the original in the file store. */
    fileKey: text("file_key").notNull(),
    status: text("status", { enum: documentStatuses }).notNull().default("queued"),
    stage: text("stage", { enum: ingestStages }).notNull().default("waiting"),
    /** Units of the stage: pages while reading, chunks while embedding. */
    progressDone: integer("progress_done").notNull().default(0),
    progressTotal: integer("progress_total").notNull().default(0),
    pageCount: integer("page_count"),
    chunkCount: integer("chunk_count").notNull().default(0),
    failureCode: text("failure_code"),
    failureReason: text("failure_reason"),
    /** Things stripped or noticed while reading, e.g. hidden characters. */
    warnings: jsonb("warnings").$type<readonly string[]>().notNull().default([]),
    publishedVersionId: uuid("published_version_id"),
    /** Text-search configuration that the words of the published version are stemmed with. */
    language: text("language").notNull().default("english"),
    /** The file that takes the place of the published one once it has been read: `{fileKey, fileName, mediaType, bytes, contentHash}`. */
    replacement: jsonb("replacement").$type<DocumentFile>(),
    /** Where it is kept in step with, and the path or address there; null for uploads. */
    sourceId: uuid("source_id"),
    sourcePath: text("source_path"),
    /** Since when its source does not have it any more. */
    vanishedAt: at("vanished_at"),
    createdBy: text("created_by").notNull(),
    createdAt: at("created_at").notNull().defaultNow(),
    updatedAt: at("updated_at").notNull().defaultNow(),
    deletedAt: at("deleted_at"),
  },
  (table) => [
    index("documents_collection_idx").on(table.collectionId),
    index("documents_published_idx").on(table.publishedVersionId),
    index("documents_source_idx").on(table.sourceId),
    uniqueIndex("documents_content_key")
      .on(table.collectionId, table.contentHash)
      .where(sql`deleted_at is null`),
  ],
);

/** A folder or web page that a collection is kept in step with. */
export const collectionSources = pgTable(
  "collection_sources",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    collectionId: uuid("collection_id")
      .notNull()
      .references(() => collections.id, { onDelete: "cascade" }),
    kind: text("kind", { enum: ["folder", "web"] }).notNull(),
    /** Absolute path of the folder, or the address of the page. */
    location: text("location").notNull(),
    everyHours: integer("every_hours").notNull().default(24),
    /** What happens to a document whose file or page is gone. */
    onVanished: text("on_vanished", { enum: ["keep", "remove"] })
      .notNull()
      .default("keep"),
    /** Somebody asked for a run now. */
    wantedAt: at("wanted_at"),
    createdBy: text("created_by").notNull(),
    createdAt: at("created_at").notNull().defaultNow(),
    lastRunAt: at("last_run_at"),
    /** How the last run went, in words; `failed` tells which kind of words. */
    lastResult: text("last_result"),
    lastFailed: boolean("last_failed").notNull().default(false),
  },
  (table) => [
    uniqueIndex("collection_sources_location_key").on(table.collectionId, table.location),
  ],
);

/** One reading of a document: its canonical text, which all offsets count in, and its chunks. */
export const documentVersions = pgTable(
  "document_versions",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    documentId: uuid("document_id")
      .notNull()
      .references(() => documents.id, { onDelete: "cascade" }),
    /** Canonical text, UTF-16 offsets as in JavaScript. */
    text: text("text").notNull(),
    /** `[start, end)` of each page in `text`; empty where the format has no pages. */
    pages: jsonb("pages").$type<readonly (readonly [number, number])[]>().notNull().default([]),
    /** Headings with level and range, for the viewer. */
    headings: jsonb("headings")
      .$type<readonly { readonly level: number; readonly start: number; readonly end: number }[]>()
      .notNull()
      .default([]),
    /** Text-search configuration that its words are stemmed with. */
    language: text("language").notNull(),
    createdAt: at("created_at").notNull().defaultNow(),
    publishedAt: at("published_at"),
  },
  (table) => [index("document_versions_document_idx").on(table.documentId)],
);

export const chunks = pgTable(
  "chunks",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    versionId: uuid("version_id")
      .notNull()
      .references(() => documentVersions.id, { onDelete: "cascade" }),
    documentId: uuid("document_id").notNull(),
    collectionId: uuid("collection_id").notNull(),
    ordinal: integer("ordinal").notNull(),
    headingPath: text("heading_path").array().notNull(),
    page: integer("page"),
    charStart: integer("char_start").notNull(),
    charEnd: integer("char_end").notNull(),
    text: text("text").notNull(),
    contentHash: text("content_hash").notNull(),
    /** Why the text looks like instructions to a model (core/rag/injection-signs.ts); empty for nearly all. */
    flags: text("flags").array().notNull().default([]),
    /** Length in lexemes, for BM25. */
    lexemeCount: integer("lexeme_count").notNull(),
    searchVector: tsvector("search_vector").notNull(),
  },
  (table) => [
    uniqueIndex("chunks_version_ordinal_key").on(table.versionId, table.ordinal),
    index("chunks_collection_idx").on(table.collectionId),
    index("chunks_flagged_idx")
      .on(table.collectionId)
      .where(sql`cardinality(flags) > 0`),
    index("chunks_search_idx").using("gin", table.searchVector),
  ],
);

/** What makes vectors comparable: never compare across spaces. */
export const embeddingSpaces = pgTable(
  "embedding_spaces",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    model: text("model").notNull(),
    engine: text("engine").notNull(),
    digest: text("digest").notNull(),
    dimension: integer("dimension").notNull(),
    createdAt: at("created_at").notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex("embedding_spaces_key").on(
      table.model,
      table.engine,
      table.digest,
      table.dimension,
    ),
  ],
);

export const chunkEmbeddings = pgTable(
  "chunk_embeddings",
  {
    spaceId: uuid("space_id")
      .notNull()
      .references(() => embeddingSpaces.id),
    chunkId: uuid("chunk_id")
      .notNull()
      .references(() => chunks.id, { onDelete: "cascade" }),
    versionId: uuid("version_id").notNull(),
    collectionId: uuid("collection_id").notNull(),
    embedding: vector("embedding").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.spaceId, table.chunkId] }),
    index("chunk_embeddings_collection_idx").on(table.spaceId, table.collectionId),
    index("chunk_embeddings_chunk_idx").on(table.chunkId),
  ],
);

/** Which values of a vector are positive: a thirtieth of its size, so that a large scope can be looked through. Stored with the vector. */
export const chunkSigns = pgTable(
  "chunk_signs",
  {
    spaceId: uuid("space_id")
      .notNull()
      .references(() => embeddingSpaces.id),
    chunkId: uuid("chunk_id")
      .notNull()
      .references(() => chunks.id, { onDelete: "cascade" }),
    versionId: uuid("version_id").notNull(),
    collectionId: uuid("collection_id").notNull(),
    signs: bits("signs").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.chunkId, table.spaceId] }),
    index("chunk_signs_collection_idx").on(table.spaceId, table.collectionId),
  ],
);

/** In how many chunks of a version each lexeme stands: counted before publishing, so that publishing only adds. */
export const versionTerms = pgTable(
  "version_terms",
  {
    versionId: uuid("version_id")
      .notNull()
      .references(() => documentVersions.id, { onDelete: "cascade" }),
    lexeme: text("lexeme").notNull(),
    chunkCount: integer("chunk_count").notNull(),
  },
  (table) => [primaryKey({ columns: [table.versionId, table.lexeme] })],
);

/** Document frequencies for exact BM25; changed in the transaction that publishes or removes a version. */
export const collectionTerms = pgTable(
  "collection_terms",
  {
    collectionId: uuid("collection_id")
      .notNull()
      .references(() => collections.id, { onDelete: "cascade" }),
    lexeme: text("lexeme").notNull(),
    chunkCount: integer("chunk_count").notNull(),
  },
  (table) => [primaryKey({ columns: [table.collectionId, table.lexeme] })],
);

export const collectionStatistics = pgTable("collection_statistics", {
  collectionId: uuid("collection_id")
    .primaryKey()
    .references(() => collections.id, { onDelete: "cascade" }),
  chunkCount: integer("chunk_count").notNull().default(0),
  /** Sum of `chunks.lexemeCount` over the published chunks. */
  lexemeTotal: doublePrecision("lexeme_total").notNull().default(0),
});
