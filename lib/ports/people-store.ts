import type { Actor } from "../core/access/actor.ts";

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Actor["role"];
  readonly suspendedAt: Date | null;
  readonly createdAt: Date;
  /** Of the sessions that still hold; `null` when none does. */
  readonly lastSeenAt: Date | null;
  readonly sessionCount: number;
  readonly groupIds: readonly string[];
  /** `credential` is a password; the others are identity providers. */
  readonly signInBy: readonly string[];
}

export interface PersonChange {
  readonly role?: Actor["role"];
  readonly suspended?: boolean;
  /** All of the person's groups. */
  readonly groupIds?: readonly string[];
}

/** The people of a workspace, for its admins. */
export interface PeopleStore {
  list(actor: Actor): Promise<readonly Person[]>;
  /** Throws `not_found`. */
  get(actor: Actor, userId: string): Promise<Person>;
  /**
   * A new role and a suspension end every session of the person.
   * Throws `not_found` for people and groups of elsewhere, `last_admin` when nobody would be left to decide.
   */
  change(actor: Actor, userId: string, change: PersonChange): Promise<Person>;
  /** The account, its conversations and its grants. Throws `not_found`, `last_admin`. */
  remove(actor: Actor, userId: string): Promise<void>;
  /** Ends every session of the person. Throws `not_found`. */
  endSessions(actor: Actor, userId: string): Promise<void>;
  /** One's own account, whatever one's role. Throws `last_admin`. */
  removeSelf(actor: Actor): Promise<void>;
  renameSelf(actor: Actor, name: string): Promise<void>;
}

export interface Invitation {
  readonly id: string;
  readonly email: string | null;
  readonly role: Actor["role"];
  readonly groupIds: readonly string[];
  readonly invitedBy: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export interface NewInvitation {
  readonly email: string | null;
  readonly role: Actor["role"];
  readonly groupIds: readonly string[];
  readonly lifetimeMs: number;
}

export interface InvitationStore {
  /** Those that can still be used. */
  list(actor: Actor): Promise<readonly Invitation[]>;
  /** The token is handed out once; only its hash is kept. Throws `email_taken`, `not_found` for groups of elsewhere. */
  create(
    actor: Actor,
    invitation: NewInvitation,
  ): Promise<{ readonly invitation: Invitation; readonly token: string }>;
  /** Throws `not_found`. */
  revoke(actor: Actor, invitationId: string): Promise<void>;
}

export interface Group {
  readonly id: string;
  readonly name: string;
  readonly memberIds: readonly string[];
}

export interface GroupStore {
  list(actor: Actor): Promise<readonly Group[]>;
  /** Throws `name_taken`. */
  create(actor: Actor, name: string): Promise<Group>;
  /** Throws `not_found` also for people of elsewhere, `name_taken`. */
  change(
    actor: Actor,
    groupId: string,
    change: { readonly name?: string; readonly memberIds?: readonly string[] },
  ): Promise<Group>;
  /** Rights that were given to the group go with it. Throws `not_found`. */
  remove(actor: Actor, groupId: string): Promise<void>;
}
