import type { Actor } from "../core/access/actor.ts";

export interface AuditEntry {
  readonly workspaceId: string | null;
  readonly actorId: string | null;
  /** `area.verb`, e.g. `document.remove`. */
  readonly action: string;
  readonly target?: string;
  readonly address?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Append-only. Never holds question, answer or document text. */
export interface AuditLog {
  record(entry: AuditEntry): Promise<void>;
}

export interface AuditRow {
  /** Grows with time. */
  readonly id: number;
  readonly at: Date;
  readonly actorId: string | null;
  /** As the actor was called then. */
  readonly actorName: string | null;
  readonly action: string;
  readonly target: string | null;
  /** As the target was called then; `null` for what has no name, and for chats and what is attached to them. */
  readonly targetName: string | null;
  readonly address: string | null;
  readonly detail: Readonly<Record<string, unknown>> | null;
}

export interface AuditFilter {
  /** An area (`session`) or a whole action (`session.refuse`). */
  readonly action?: string;
  readonly actorId?: string;
  /** Part of the actor's name, the target or its name, in any case, or the whole address. */
  readonly text?: string;
  readonly from?: Date;
  /** Not included. */
  readonly to?: Date;
}

/** For admins, newest first. Sign-ins that were refused belong to no workspace and are shown to every admin. */
export interface AuditReader {
  page(
    actor: Actor,
    filter: AuditFilter,
    page: { readonly before?: number; readonly limit: number },
  ): Promise<readonly AuditRow[]>;
}
