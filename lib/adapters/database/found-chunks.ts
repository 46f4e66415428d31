import { sql, type SQL } from "drizzle-orm";
import type { Actor } from "../../core/access/actor.ts";
import type { ChunkNeighbour, FoundChunk } from "../../ports/chunk-search.ts";
import { readableCollections } from "./access.ts";
import { type PreparingDatabase, rowsOfPrepared, uuids } from "./sql-database.ts";

interface ChunkRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly document_id: string;
  readonly version_id: string;
  readonly title: string;
  readonly collection_id: string;
  readonly name: string;
  readonly ordinal: number;
  readonly heading_path: readonly string[];
  readonly page: number | null;
  readonly char_start: number;
  readonly char_end: number;
  readonly text: string;
  readonly content_hash: string;
  readonly published_at: Date | string;
  readonly flags: readonly string[];
  readonly before: NeighbourRow | null;
  readonly after: NeighbourRow | null;
}

interface NeighbourRow {
  readonly char_start: number;
  readonly char_end: number;
  readonly text: string;
}

const toNeighbour = (row: NeighbourRow | null): ChunkNeighbour | null =>
  row === null ? null : { charStart: row.char_start, charEnd: row.char_end, text: row.text };

/** The chunk beside `k`, as JSON. */
const neighbour = (step: 1 | -1): SQL => sql`(select json_build_object('char_start', n.char_start,
    'char_end', n.char_end, 'text', n.text)
  from chunks n where n.version_id = k.version_id and n.ordinal = k.ordinal + ${step}::integer)`;

const toChunk = (row: ChunkRow): FoundChunk => ({
  chunkId: row.id,
  documentId: row.document_id,
  versionId: row.version_id,
  documentTitle: row.title,
  collectionId: row.collection_id,
  collectionName: row.name,
  ordinal: row.ordinal,
  headingPath: row.heading_path,
  page: row.page,
  charStart: row.char_start,
  charEnd: row.char_end,
  text: row.text,
  contentHash: row.content_hash,
  publishedAt: new Date(row.published_at),
  flags: row.flags,
  before: toNeighbour(row.before),
  after: toNeighbour(row.after),
});

/** Published chunks that the actor may read, with their neighbours, in the order of `chunkIds`. */
export async function loadChunks(
  database: PreparingDatabase,
  actor: Actor,
  chunkIds: readonly string[],
): Promise<readonly FoundChunk[]> {
  if (chunkIds.length === 0) return [];
  const rows = await rowsOfPrepared<ChunkRow>(
    database,
    sql`select k.id, k.document_id, k.version_id, d.title, c.id as collection_id, c.name, k.ordinal,
        k.heading_path, k.page, k.char_start, k.char_end, k.text, k.content_hash, k.flags,
        coalesce(v.published_at, v.created_at) as published_at,
        ${neighbour(-1)} as before, ${neighbour(1)} as after
      from chunks k join document_versions v on v.id = k.version_id join documents d on d.published_version_id = k.version_id
        join collections c on c.id = d.collection_id
      where k.id = any(${uuids(chunkIds)}) and d.deleted_at is null
        and c.id in ${readableCollections(actor)}`,
  );
  const byId = new Map(rows.map((row) => [row.id, toChunk(row)]));
  return chunkIds.flatMap((id) => byId.get(id) ?? []);
}
