import type { Actor } from "../core/access/actor.ts";

export type SourceKind = "folder" | "web";

export interface NewSource {
  readonly kind: SourceKind;
  readonly location: string;
  readonly everyHours: number;
  /** What happens to a document whose file is gone: it stays and is marked, or it is removed. */
  readonly onVanished: "keep" | "remove";
}

export interface SyncedSource extends NewSource {
  readonly id: string;
  readonly collectionId: string;
  readonly documentCount: number;
  readonly lastRunAt: Date | null;
  /** In words. */
  readonly lastResult: string | null;
  readonly lastFailed: boolean;
  /** Somebody asked for a run that has not begun. */
  readonly isWaiting: boolean;
}

export interface SourceDocument {
  readonly id: string;
  readonly path: string;
  /** Of the version that is read or waits to be. */
  readonly contentHash: string;
  readonly isVanished: boolean;
}

/** A run that is due, on behalf of whoever added the source. */
export interface DueSource {
  readonly source: SyncedSource;
  readonly actor: Actor;
}

/** Sources of collections that the actor manages; `not_found` for others. */
export interface SourceStore {
  list(actor: Actor, collectionId: string): Promise<readonly SyncedSource[]>;
  /** @throws AppError `name_taken` when the collection follows this already. */
  add(actor: Actor, collectionId: string, source: NewSource): Promise<SyncedSource>;
  /** Its documents stay, as uploads. */
  remove(actor: Actor, sourceId: string): Promise<void>;
  request(actor: Actor, sourceId: string): Promise<void>;
  /** Takes the source whose run is most overdue, so that no other process takes it too. */
  takeDue(kinds: readonly SourceKind[]): Promise<DueSource | null>;
  documents(sourceId: string): Promise<readonly SourceDocument[]>;
  setVanished(documentId: string, isVanished: boolean): Promise<void>;
  finish(
    sourceId: string,
    result: { readonly text: string; readonly failed: boolean },
  ): Promise<void>;
}
