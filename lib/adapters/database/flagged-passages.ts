import { sql } from "drizzle-orm";
import type { FlaggedPassage, FlaggedPassages } from "../../ports/flagged-passages.ts";
import { listedCollections } from "./access.ts";
import { rowsOf, type SqlDatabase } from "./sql-database.ts";

type Row = Record<string, unknown> & { readonly passage: FlaggedPassage; readonly total: number };

export function createFlaggedPassages({
  database,
}: {
  readonly database: SqlDatabase;
}): FlaggedPassages {
  return {
    async list(actor, limit) {
      const rows = await rowsOf<Row>(
        database,
        sql`select jsonb_build_object('chunkId', k.id, 'documentId', d.id, 'versionId', k.version_id, 'title', d.title,
              'collectionName', c.name, 'page', k.page, 'charStart', k.char_start, 'charEnd', k.char_end,
              'text', k.text, 'signs', k.flags) as passage, count(*) over ()::int as total
          from chunks k join documents d on d.published_version_id = k.version_id
            join collections c on c.id = k.collection_id
          where cardinality(k.flags) > 0 and d.deleted_at is null
            and k.collection_id in ${listedCollections(actor)}
          order by d.created_at desc, d.id, k.ordinal limit ${limit}`,
      );
      return {
        passages: rows.map(({ passage }) => passage),
        total: rows[0]?.total ?? 0,
      };
    },
  };
}
