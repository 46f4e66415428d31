import type { Actor } from "../core/access/actor.ts";

export type WorkState = "open" | "done";

/** A question that went wrong: the documents did not answer it, or who asked says so. Asked alike of the same collections it is one. */
export interface FailedQuestion {
  /** The newest of its answers. */
  readonly answerId: string;
  readonly question: string;
  readonly askedAt: Date;
  readonly kind: "refused" | "rated-down" | "failed";
  /** What the person said was wrong. */
  readonly reason: string | null;
  readonly collectionIds: readonly string[];
  readonly hasTrace: boolean;
  /** A golden question was made of it. */
  readonly isGolden: boolean;
  /** How many times it went wrong in this way. */
  readonly times: number;
  readonly settledAt: Date | null;
}

/** A published document that was among no answer's sources in the last 90 days, or since it was added a week ago or more. */
export interface UnfoundDocument {
  readonly documentId: string;
  readonly title: string;
  readonly collectionId: string;
  readonly collectionName: string;
  readonly chunkCount: number;
  readonly addedAt: Date;
  readonly settledAt: Date | null;
}

export interface QualityWorkList {
  /** The newest first, at most 200. */
  readonly questions: readonly FailedQuestion[];
  /** The oldest first, at most 200. */
  readonly documents: readonly UnfoundDocument[];
  readonly counts: Readonly<
    Record<WorkState, { readonly questions: number; readonly documents: number }>
  >;
  /** Questions of the workspace in the last 30 days, and how many of them were refused. */
  readonly lastMonth: { readonly asked: number; readonly refused: number };
}

/** What there is to mend, for admins of the workspace. */
export interface QualityWork {
  list(
    actor: Actor,
    state: WorkState,
    policy: { readonly refusalsShown: boolean },
  ): Promise<QualityWorkList>;
  /** With all that are the same work. Throws `not_found`. */
  settleQuestion(actor: Actor, answerId: string, settled: boolean): Promise<void>;
  /** Throws `not_found`. */
  settleDocument(actor: Actor, documentId: string, settled: boolean): Promise<void>;
}
