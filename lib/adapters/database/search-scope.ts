import { sql, type SQL } from "drizzle-orm";
import type { Actor } from "../../core/access/actor.ts";
import type { ScopedQuery } from "../../ports/chunk-search.ts";
import { isAsked } from "./access.ts";
import { uuids } from "./sql-database.ts";

/** Condition on a row `c` of `collections`. */
export const scopeOf = (actor: Actor, { collectionIds }: ScopedQuery): SQL =>
  isAsked(actor, collectionIds);

/** Published versions in the scope: everything else does not exist for a search. */
export const publishedVersions = (actor: Actor, scope: ScopedQuery): SQL => sql`
  select d.published_version_id as version_id, d.language, d.chunk_count
  from documents d join collections c on c.id = d.collection_id
  where d.deleted_at is null and d.published_version_id is not null and ${scopeOf(actor, scope)}`;

/**
 * `is true` keeps the planner from turning this into a join with rows it cannot count: it looks each version up in
 * a hash table instead (10,000 chunks of 50 documents: 15 ms against 125).
 */
export const isPublished = (versionId: SQL, condition: SQL = sql``): SQL =>
  sql`(${versionId} in (select version_id from published ${condition})) is true`;

/** Says nothing that `isPublished` does not say, but in a way that an index answers: a small scope stays small. */
export const inAskedCollections = (collectionId: SQL, scope: ScopedQuery): SQL =>
  scope.collectionIds.length === 0
    ? sql`true`
    : sql`${collectionId} = any(${uuids(scope.collectionIds)})`;
