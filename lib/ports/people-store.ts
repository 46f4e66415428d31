import type { Actor } from "../core/access/actor.ts";
import type { SessionSummary } from "./accounts.ts";

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
  /** What they sign in with from now on. */
  readonly email?: string;
  /** All of the person's groups. */
  readonly groupIds?: readonly string[];
}

/** One place where a person is signed in. */
export type PersonSession = Omit<SessionSummary, "current">;

/** The people of a workspace, for its admins. */
export interface PeopleStore {
  list(actor: Actor): Promise<readonly Person[]>;
  /** Throws `not_found`. */
  get(actor: Actor, userId: string): Promise<Person>;
  /**
   * A new role and a suspension end every session of the person.
   * Throws `not_found` for people and groups of elsewhere, `last_admin` when nobody would be left to decide, `email_taken`.
   */
  change(actor: Actor, userId: string, change: PersonChange): Promise<Person>;
  /** The account, its conversations and its grants. Throws `not_found`, `last_admin`. */
  remove(actor: Actor, userId: string): Promise<void>;
  /** Those that hold, the latest first. Throws `not_found`. */
  sessions(actor: Actor, userId: string): Promise<readonly PersonSession[]>;
  /** Throws `not_found` unless the session is that person's. */
  endSession(actor: Actor, userId: string, sessionId: string): Promise<void>;
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
