import type { Actor, CollectionRight } from "../core/access/actor.ts";

/** One right of one subject; `everyone` has the id `*`. */
export interface Grant {
  readonly subjectKind: "user" | "group" | "everyone";
  readonly subjectId: string;
  readonly right: CollectionRight;
}

export interface CollectionRights {
  /** The grants, and whom more could be given to. Needs `manage`; throws `not_found`. */
  read(
    actor: Actor,
    collectionId: string,
  ): Promise<{
    readonly grants: readonly Grant[];
    readonly people: readonly {
      readonly id: string;
      readonly name: string;
      readonly email: string;
    }[];
    readonly groups: readonly { readonly id: string; readonly name: string }[];
  }>;
  /** All grants at once. Needs `manage`; throws `not_found` also for subjects of elsewhere. */
  replace(actor: Actor, collectionId: string, grants: readonly Grant[]): Promise<void>;
}
