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
