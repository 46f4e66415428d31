/** Who asks. Every store that holds people's things takes it first and filters by it in SQL. */
export interface Actor {
  readonly userId: string;
  readonly workspaceId: string;
  readonly role: "admin" | "member";
}

/** Rights on a collection; each includes the ones before it. Admins manage every collection of their workspace. */
export const collectionRights = ["read", "write", "manage"] as const;
export type CollectionRight = (typeof collectionRights)[number];
