import type { Actor } from "../core/access/actor.ts";
import type { ProvenIdentity } from "./identity-provider.ts";

/** Who a request comes from, as the page shows it. */
export interface Identity {
  readonly user: {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    readonly role: Actor["role"];
  };
  readonly workspace: { readonly id: string; readonly name: string };
}

/** A session that holds right now. `cookies` are `Set-Cookie` values that must reach the browser. */
export interface ActiveSession {
  readonly sessionId: string;
  readonly actor: Actor;
  readonly cookies: readonly string[];
}

/** Where a request comes from. */
export interface Caller {
  /** The request's own headers; only cookie and user agent are read. */
  readonly headers: Headers;
  /** `null` when no trusted proxy states it. */
  readonly address: string | null;
}

export interface SessionSummary {
  readonly id: string;
  readonly current: boolean;
  readonly address: string | null;
  readonly agent: string | null;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
}

export interface FirstAdmin {
  readonly token: string;
  readonly workspaceName: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** What an invitation's link promises. */
export interface Invited {
  readonly workspaceName: string;
  /** `null` when they are gone. */
  readonly invitedBy: string | null;
  /** The one address that may use it; `null`: whoever holds the link. */
  readonly email: string | null;
}

export interface NewMember {
  /** Of the invitation's link. */
  readonly token: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** The account behind an identity that a provider proved. */
export interface FederatedPerson {
  readonly userId: string;
  /** Made by this very sign-in. */
  readonly isNew: boolean;
}

/** Turns a request's cookie into who asks. */
export interface SessionReader {
  /**
   * `null` for no, a forged, an ended, an idle (12 h), an old (30 d) session, or one of a suspended person.
   * `renew` begins the 12 hours anew and hands out the cookie that says so: only for who can send it on to the browser.
   */
  authenticate(
    headers: Headers,
    options?: { readonly renew: boolean },
  ): Promise<ActiveSession | null>;
  /** Of these sessions, those that hold now, with the role that they give. */
  standing(sessionIds: readonly string[]): Promise<ReadonlyMap<string, Actor["role"]>>;
}

/** People, passwords and sessions. Passwords are hashed off the event loop. */
export interface AccountProvider extends SessionReader {
  identity(actor: Actor): Promise<Identity>;
  /** Ends the session that the caller came with and begins a new one. Throws `sign_in_failed` alike for unknown, wrong and suspended; `rate_limited` when too many passwords are being checked. */
  signIn(
    credentials: { readonly email: string; readonly password: string },
    caller: Caller,
  ): Promise<ActiveSession>;
  /** Returns the cookies that remove the session from the browser. */
  signOut(headers: Headers): Promise<readonly string[]>;
  sessions(actor: Actor, currentSessionId: string): Promise<readonly SessionSummary[]>;
  /** Throws `not_found` unless the session is the actor's. */
  endSession(actor: Actor, sessionId: string): Promise<void>;
  /** True until the first admin exists; then false for ever. */
  setupOpen(): Promise<boolean>;
  /** One transaction. Throws `setup_closed`, `setup_token_invalid`. */
  createFirstAdmin(admin: FirstAdmin, caller: Caller): Promise<ActiveSession>;
  /** Replaces earlier tokens of the same purpose and person. Only the hash is kept. */
  issueToken(
    purpose: "setup" | { readonly resetPasswordOf: string },
    lifetimeMs: number,
  ): Promise<string>;
  /** Uses the token up, sets the password, ends every session of the person. Throws `reset_token_invalid`. */
  resetPassword(
    token: string,
    password: string,
  ): Promise<{ readonly userId: string; readonly workspaceId: string }>;
  /** Throws `invitation_invalid`. */
  invitation(token: string): Promise<Invited>;
  /** Makes the account that the invitation promises and uses it up; one transaction. Throws `invitation_invalid`, `email_taken`. */
  join(member: NewMember, caller: Caller): Promise<ActiveSession>;
  /** Finds or makes it; `null` when nothing lets this person in. */
  federatedPerson(
    identity: ProvenIdentity,
    options: { readonly admitNewPeople: boolean },
  ): Promise<FederatedPerson | null>;
  /** Ends the session that the caller came with and begins a new one for somebody whose identity is proven. Throws `sign_in_failed` when they are suspended. */
  beginSession(userId: string, caller: Caller): Promise<ActiveSession>;
  /** `none` for people who only ever signed in by an identity provider. Throws `rate_limited` when too many are being checked. */
  checkPassword(actor: Actor, password: string): Promise<"right" | "wrong" | "none">;
  /** Ends every session of the person. */
  changePassword(actor: Actor, password: string): Promise<void>;
  findUserByEmail(
    email: string,
  ): Promise<{ readonly id: string; readonly workspaceId: string } | null>;
}
