import type { CollectionRight } from "#lib/core/access/actor.ts";

/** People, groups and the audit log as docs/http-api.md describes them; dates are ISO 8601 text. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: "admin" | "member";
  readonly suspendedAt: string | null;
  readonly createdAt: string;
  readonly lastSeenAt: string | null;
  readonly sessionCount: number;
  readonly groupIds: readonly string[];
  readonly signInBy: readonly string[];
}

export interface Group {
  readonly id: string;
  readonly name: string;
  readonly memberIds: readonly string[];
}

export interface Invitation {
  readonly id: string;
  readonly email: string | null;
  readonly role: "admin" | "member";
  readonly invitedBy: string | null;
  readonly expiresAt: string;
}

export interface Grant {
  readonly subjectKind: "user" | "group" | "everyone";
  readonly subjectId: string;
  readonly right: CollectionRight;
}

export interface CollectionRights {
  readonly grants: readonly Grant[];
  readonly people: readonly {
    readonly id: string;
    readonly name: string;
    readonly email: string;
  }[];
  readonly groups: readonly { readonly id: string; readonly name: string }[];
}

export interface AuditRow {
  readonly id: number;
  readonly at: string;
  readonly actorId: string | null;
  readonly actorName: string | null;
  readonly action: string;
  readonly target: string | null;
  readonly targetName: string | null;
  readonly address: string | null;
  readonly detail: Readonly<Record<string, unknown>> | null;
}
