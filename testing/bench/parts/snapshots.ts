import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { writeEmbeddedImage } from "#lib/adapters/database/embedded-control.ts";
import { fillDataFolder, startEmbeddedDatabase } from "#testing/services/test-database.ts";
import { type Figure, quantile } from "../figures.ts";

const defaultChunks = 100_000;
const rowsAtOnce = 2_000;
const mostDelayMs = 300;
const idleMs = 10_000;
/** A search's kind of statement: by key, with a vector. */
const query =
  "SELECT chunk_id, embedding <-> $1::vector AS far FROM chunk_embeddings WHERE chunk_id = $2";

/** What a snapshot of the embedded database costs those who ask meanwhile: their longest wait with and without it. */
export async function benchSnapshots(options: {
  readonly chunks?: string | undefined;
}): Promise<readonly Figure[]> {
  const chunks = Number(options.chunks ?? defaultChunks);
  const folder = await mkdtemp(join(tmpdir(), "drover-bench-snapshot-"));
  await fillDataFolder(folder);
  const { program, url } = await startEmbeddedDatabase(folder);
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  try {
    await fill(pool, chunks);
    const idle = await delaysUntil(pool, new Promise((resolve) => setTimeout(resolve, idleMs)));
    const made = writeEmbeddedImage(url, join(folder, "copy"));
    const busy = await delaysUntil(pool, made);
    const { bytes, tookMs, heldMs } = await made;
    const against = `${String(chunks)} chunks, ${String(Math.round(bytes / 1e6))} MB, a statement after the other`;
    const figure = (name: string, value: number, goal: number | null): Figure => ({
      ...{
        part: "snapshots",
        name,
        value: Math.round(value),
        unit: "ms",
        goal,
        better: "lower",
        against,
      },
    });
    const longest = Math.max(...busy) - quantile(idle, 0.5);
    return [
      figure("longest statement, idle", Math.max(...idle), null),
      figure("longest statement − median idle, during a snapshot", longest, mostDelayMs),
      figure("longest time held by the snapshot itself", heldMs, mostDelayMs),
      figure("the snapshot", tookMs, null),
    ];
  } finally {
    await pool.end();
    await program.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(pool: pg.Pool, chunks: number): Promise<void> {
  const id = "00000000-0000-4000-8000-000000000001";
  await pool.query("INSERT INTO workspaces (id, name) VALUES ($1, 'w')", [id]);
  await pool.query("INSERT INTO collections (id, workspace_id, name) VALUES ($1, $1, 'c')", [id]);
  await pool.query(
    `INSERT INTO documents (id, collection_id, title, file_name, media_type, bytes, content_hash, file_key, created_by)
     VALUES ($1, $1, 't', 'f', 'text/plain', 1, 'h', 'k', 'u')`,
    [id],
  );
  await pool.query(
    "INSERT INTO document_versions (id, document_id, text, language) VALUES ($1, $1, '', 'english')",
    [id],
  );
  await pool.query(
    "INSERT INTO embedding_spaces (id, model, engine, digest, dimension) VALUES ($1, 'm', 'e', 'd', 384)",
    [id],
  );
  for (let from = 0; from < chunks; from += rowsAtOnce) {
    const range = [from + 1, Math.min(from + rowsAtOnce, chunks)];
    await pool.query(
      `WITH made AS (
         INSERT INTO chunks (version_id, document_id, collection_id, ordinal, heading_path, char_start, char_end, text, content_hash, lexeme_count, search_vector)
         SELECT '${id}', '${id}', '${id}', g, '{}', 0, 1, repeat(md5(g::text) || ' ', 25), md5(g::text), 25,
           (SELECT to_tsvector('simple', string_agg(md5((g * 31 + w)::text), ' ')) FROM generate_series(1, 25) w)
         FROM generate_series($1::int, $2::int) g RETURNING id, ordinal)
       INSERT INTO chunk_embeddings (space_id, chunk_id, version_id, collection_id, embedding)
       SELECT '${id}', id, '${id}', '${id}',
         (SELECT array_agg(sin(ordinal * 0.37 + w))::vector FROM generate_series(1, 384) w) FROM made`,
      range,
    );
  }
}

/** How long each statement took, one after the other, until `over` is settled. */
async function delaysUntil(pool: pg.Pool, over: Promise<unknown>): Promise<number[]> {
  const { rows } = await pool.query<{ id: string }>("SELECT id FROM chunks LIMIT 500");
  const place = JSON.stringify(Array.from({ length: 384 }, (_, index) => Math.cos(index)));
  const stopping = new AbortController();
  const end = (): void => {
    stopping.abort();
  };
  over.then(end, end);
  const delays: number[] = [];
  for (let asked = 0; !stopping.signal.aborted; asked += 1) {
    const beganAt = performance.now();
    await pool.query(query, [place, rows[asked % rows.length]?.id]);
    delays.push(performance.now() - beganAt);
  }
  return delays;
}
