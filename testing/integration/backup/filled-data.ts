import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { createLocalFileStore } from "#lib/adapters/files/local-file-store.ts";
import {
  fillDataFolder,
  fillFromKept,
  startEmbeddedDatabase,
} from "#testing/services/test-database.ts";

/** Whatever a text form could trip over: line ends of all kinds, quotes, backslashes, escapes, scripts, an astral character. */
export const awkwardText = 'a\u2028b\r\nc\td\\n "e" \'f\' {g,"h"} \\x00 NULL עברית 🐂';

export async function withDatabase<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: "a test" });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export async function withEmbedded<T>(
  dataDir: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const { program, url } = await startEmbeddedDatabase(dataDir);
  try {
    return await withDatabase(url, work);
  } finally {
    await program.stop();
  }
}

/** One document with its original, as `documents` of them. */
async function addDocument(client: pg.Client, dataDir: string, collectionId: string, text: string) {
  const files = createLocalFileStore({
    folder: join(dataDir, "files"),
    freeShare: () => Promise.resolve(1),
  });
  const stored = await files.put(Readable.from([Buffer.from(text)]), 1e9, AbortSignal.any([]));
  const { rows } = await client.query<{ id: string; version: string }>(
    `WITH made AS (INSERT INTO documents (collection_id, title, file_name, media_type, bytes, content_hash, file_key, status, created_by)
       VALUES ($1, $2, 'a.txt', 'text/plain', $3, $4, $5, 'ready', 'someone') RETURNING id),
     version AS (INSERT INTO document_versions (document_id, text, language) SELECT id, $2, 'english' FROM made RETURNING id)
     SELECT made.id, version.id AS version FROM made, version`,
    [collectionId, text, stored.bytes, stored.sha256, stored.key],
  );
  await client.query(
    `INSERT INTO chunks (version_id, document_id, collection_id, ordinal, heading_path, char_start, char_end, text, content_hash, lexeme_count, search_vector)
     SELECT $1, $2, $3, g, ARRAY[$4, 'plain'], 0, 5, $4, md5(g::text), 2, to_tsvector('english', $4 || ' ' || g) FROM generate_series(1, 250) g`,
    [rows[0]?.version, rows[0]?.id, collectionId, text],
  );
}

/** A data folder with a stopped embedded database in which nearly every kind of value stands: made once, then copied. */
export async function fillWithWork(dataDir: string, text: string = awkwardText): Promise<void> {
  const program = await readFile(fileURLToPath(import.meta.url), "utf8");
  await fillFromKept(dataDir, "work", [program, text], (made) => makeWork(made, text));
}

async function makeWork(dataDir: string, text: string): Promise<void> {
  await fillDataFolder(dataDir);
  await withEmbedded(dataDir, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      "INSERT INTO workspaces (name) VALUES ($1) RETURNING id",
      [text],
    );
    const workspaceId = rows[0]?.id;
    await client.query(
      "INSERT INTO users (id, name, email, workspace_id) VALUES ('u', $1, 'u@example.org', $2)",
      [text, workspaceId],
    );
    await client.query(
      "INSERT INTO accounts (id, account_id, provider_id, user_id, password, access_token) VALUES ('a', 'a', 'p', 'u', 'hash', 'a secret token')",
    );
    await client.query(
      "INSERT INTO sessions (id, token, user_id, expires_at) VALUES ('s', 'a secret session', 'u', now() + interval '1 day')",
    );
    await client.query(
      "INSERT INTO audit_log (workspace_id, action, detail) VALUES ($1, 'a.b', $2), ($1, 'a.c', NULL)",
      [workspaceId, { text, n: 1.5e-7 }],
    );
    const made = await client.query<{ id: string }>(
      "INSERT INTO collections (workspace_id, name) VALUES ($1, $2) RETURNING id",
      [workspaceId, text],
    );
    for (const each of [text, randomUUID()])
      await addDocument(client, dataDir, made.rows[0]?.id ?? "", each);
    await client.query(
      "INSERT INTO embedding_spaces (model, engine, digest, dimension) VALUES ('m', 'e', 'd', 3)",
    );
    await client.query(
      `INSERT INTO chunk_embeddings (space_id, chunk_id, version_id, collection_id, embedding)
       SELECT s.id, c.id, c.version_id, c.collection_id, ARRAY[c.ordinal / 7.0, -1e-9, 3]::vector FROM chunks c, embedding_spaces s`,
    );
    await client.query(
      `INSERT INTO chunk_signs (space_id, chunk_id, version_id, collection_id, signs)
       SELECT space_id, chunk_id, version_id, collection_id, binary_quantize(embedding) FROM chunk_embeddings`,
    );
  });
}

/** A digest of every table, taken by the database itself, of some tables only the number of rows; and of all indexes. */
export async function contentsOf(client: pg.Client): Promise<Readonly<Record<string, string>>> {
  await client.query("SET TimeZone = 'UTC'");
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1`,
  );
  const contents: Record<string, string> = {};
  for (const { name } of tables) {
    const row = name === "applied_migrations" ? "t.tag" : "t::text";
    const { rows } = await client.query<{ digest: string }>(
      `SELECT count(*) || ':' || coalesce(md5(string_agg(${row}, '|' ORDER BY ${row} COLLATE "C")), '') AS digest FROM "${name}" t`,
    );
    contents[name] = rows[0]?.digest ?? "";
  }
  const { rows: indexes } = await client.query<{ digest: string }>(
    `SELECT count(*) || ':' || md5(string_agg(indexdef, '|' ORDER BY indexdef COLLATE "C")) AS digest
     FROM pg_indexes WHERE schemaname = 'public'`,
  );
  contents["indexes"] = indexes[0]?.digest ?? "";
  return contents;
}

export const filesIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();
