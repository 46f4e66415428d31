import { sql } from "drizzle-orm";
import { conversations } from "../../../drizzle/schema/index.ts";

/** A conversation as its owner's list shows it. */
export const summaryColumns = {
  id: conversations.id,
  title: conversations.title,
  collectionIds: conversations.collectionIds,
  pinned: sql<boolean>`${conversations.pinnedAt} is not null`,
  archived: sql<boolean>`${conversations.archivedAt} is not null`,
  createdAt: conversations.createdAt,
  updatedAt: conversations.updatedAt,
};
