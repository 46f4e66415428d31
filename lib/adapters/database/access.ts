import { and, eq, inArray, isNull, sql, type SQL } from "drizzle-orm";
import { type Actor, type CollectionRight, collectionRights } from "../../core/access/actor.ts";
import {
  collectionGrants,
  collections,
  conversations,
  groupMembers,
} from "../../../drizzle/schema/index.ts";

/** Each right includes the ones before it in `collectionRights`. */
const atLeast = (right: CollectionRight): CollectionRight[] =>
  collectionRights.slice(collectionRights.indexOf(right));

const grantedTo = (actor: Actor): SQL =>
  sql`((${collectionGrants.subjectKind} = 'user' and ${collectionGrants.subjectId} = ${actor.userId})
    or (${collectionGrants.subjectKind} = 'group' and ${collectionGrants.subjectId} in
      (select ${groupMembers.groupId}::text from ${groupMembers} where ${groupMembers.userId} = ${actor.userId}))
    or (${collectionGrants.subjectKind} = 'everyone' and ${collectionGrants.subjectId} = '*'))`;

/** Files attached to a conversation are its owner's alone, admin or not, as long as the conversation is there. */
const ofOwnConversation = (actor: Actor): SQL =>
  sql`exists (select 1 from ${conversations} where ${conversations.id} = ${collections.conversationId}
    and ${conversations.userId} = ${actor.userId} and ${conversations.deletedAt} is null)`;

/** Condition on a row of `collections`: it exists for the actor, with at least `right`. Deleted ones exist for nobody. */
export function mayUseCollection(actor: Actor, right: CollectionRight): SQL {
  const own = and(eq(collections.workspaceId, actor.workspaceId), isNull(collections.deletedAt));
  const granted =
    actor.role === "admin"
      ? sql`true`
      : sql`exists (select 1 from ${collectionGrants}
    where ${collectionGrants.collectionId} = ${collections.id}
      and ${inArray(collectionGrants.right, atLeast(right))} and ${grantedTo(actor)})`;
  const usable = sql`case when ${collections.conversationId} is null then ${granted}
    else ${ofOwnConversation(actor)} end`;
  return sql`(${and(own, usable)})`;
}

const collectionsWith = (actor: Actor, right: CollectionRight): SQL =>
  sql`(select ${collections.id} from ${collections} where ${mayUseCollection(actor, right)})`;

/** Subquery of the ids that the actor may read: `inArray`'s place in `… in ${readableCollections(actor)}`. */
export const readableCollections = (actor: Actor): SQL => collectionsWith(actor, "read");
/** As `readableCollections`, for what is searched and listed without being named: no attachments of conversations. */
export const listedCollections = (actor: Actor): SQL =>
  sql`(select ${collections.id} from ${collections}
    where ${isNull(collections.conversationId)} and ${mayUseCollection(actor, "read")})`;
/** Condition on a row `c` of `collections`: it is asked, and the actor may read it. No ids: everything that is listed. */
export const isAsked = (actor: Actor, collectionIds: readonly string[]): SQL =>
  collectionIds.length === 0
    ? sql`c.id in ${listedCollections(actor)}`
    : sql`c.id in ${readableCollections(actor)} and c.id = any(${sql.param([...collectionIds])}::uuid[])`;
/** `{ "collection": generation }` of what is asked, as it is in the statement's snapshot. */
export const generationsNow = (actor: Actor, collectionIds: readonly string[]): SQL =>
  sql`(select coalesce(jsonb_object_agg(c.id, c.corpus_generation), '{}'::jsonb)
    from collections c where ${isAsked(actor, collectionIds)})`;
/** As `readableCollections`, for adding and removing documents. */
export const writableCollections = (actor: Actor): SQL => collectionsWith(actor, "write");
/** As `readableCollections`, for what belongs to a collection as a whole: its golden questions. No attachments of conversations. */
export const managedCollections = (actor: Actor): SQL =>
  sql`(select ${collections.id} from ${collections}
    where ${isNull(collections.conversationId)} and ${mayUseCollection(actor, "manage")})`;
/** As `readableCollections`, for who decides about the collection itself. */
export const manageableCollections = (actor: Actor): SQL => collectionsWith(actor, "manage");
/** The best right of the actor on the row of `collections` in scope, `null` for none. Does not look at workspace or deletion: filter by `mayUseCollection`. */
export function collectionRight(actor: Actor): SQL<CollectionRight | null> {
  if (actor.role === "admin") return sql<CollectionRight>`'manage'::text`;
  const attached = sql`${collections.conversationId} is not null`;
  // Nested once more: drizzle drops the table names of a single-table select's outermost fragments.
  const best = sql`(select ${collectionGrants.right} from ${collectionGrants}
    where ${collectionGrants.collectionId} = ${collections.id} and ${grantedTo(actor)}
    order by array_position(array['manage', 'write', 'read'], ${collectionGrants.right}) limit 1)`;
  return sql<CollectionRight | null>`(case when ${attached} then 'manage' else ${best} end)`;
}
