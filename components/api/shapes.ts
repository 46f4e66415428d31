import type { CollectionRight } from "#lib/core/access/actor.ts";
import type { AnswerLanguage, AnswerStyle } from "#lib/core/chat/answer-instructions.ts";
import type { AnswerMode } from "#lib/core/chat/answer-policy.ts";
import type { AnswerOutcome, AnswerSnapshot } from "#lib/core/chat/events.ts";
import type { Block } from "#components/markdown/markdown-tree.ts";

/** What the server sends, as docs/http-api.md describes it; dates are ISO 8601 text. */
export interface Session {
  readonly user: {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    readonly role: "admin" | "member";
  };
  readonly workspace: { readonly id: string; readonly name: string };
}

/** Where somebody is signed in. */
export interface PersonDevice {
  readonly id: string;
  readonly address: string | null;
  readonly agent: string | null;
  readonly createdAt: string;
  readonly lastSeenAt: string;
}

/** Where the person who asks is signed in. */
export interface SignedInDevice extends PersonDevice {
  readonly current: boolean;
}

export interface ServerStatus {
  readonly state: "ok" | "starting" | "degraded";
  readonly messages: readonly { readonly code: string; readonly text: string }[];
}

export interface Collection {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly language: string;
  readonly answerMode: AnswerMode;
  readonly refusalText: string;
  readonly systemPrompt: string;
  readonly answerStyle: AnswerStyle;
  readonly answerLanguage: AnswerLanguage;
  readonly isDemo: boolean;
  readonly documentCount: number;
  readonly retentionDays: number | null;
  readonly right: CollectionRight;
}

export type DocumentStatus = "queued" | "processing" | "ready" | "failed" | "cancelled";
export type IngestStage = "waiting" | "reading" | "chunking" | "embedding" | "publishing";

export interface DocumentSummary {
  readonly id: string;
  readonly collectionId: string;
  readonly collectionName: string;
  readonly title: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly status: DocumentStatus;
  readonly stage: IngestStage;
  readonly progressDone: number;
  readonly progressTotal: number;
  readonly pageCount: number | null;
  readonly chunkCount: number;
  readonly failure: { readonly code: string; readonly reason: string } | null;
  readonly warnings: readonly string[];
  /** A new version is being read; the published one is found until then. */
  readonly isUpdating: boolean;
  readonly sourceId: string | null;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface DocumentText {
  readonly documentId: string;
  readonly versionId: string;
  /** Not one that was replaced since. */
  readonly isCurrent: boolean;
  readonly title: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly collectionId: string;
  readonly collectionName: string;
  readonly text: string;
  readonly pages: readonly (readonly [number, number])[];
  readonly headings: readonly {
    readonly level: number;
    readonly start: number;
    readonly end: number;
  }[];
}

export interface Conversation {
  readonly id: string;
  readonly title: string;
  readonly collectionIds: readonly string[];
  readonly pinned: boolean;
  readonly archived: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface ConversationMatch {
  readonly conversation: Conversation;
  readonly answerId: string | null;
  readonly excerpt: string;
}

export interface ConversationShare {
  readonly id: string;
  readonly createdAt: string;
}

export interface SharedConversation {
  readonly title: string;
  readonly sharedBy: string;
  readonly createdAt: string;
  readonly turns: readonly StoredTurn[];
}

export interface StoredTurn {
  readonly answerId: string;
  readonly turn: number;
  readonly siblings: readonly string[];
  readonly question: string;
  readonly outcome: AnswerOutcome | "running";
  readonly snapshot: AnswerSnapshot | null;
  readonly rating: "up" | "down" | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
}

/** What of a chat comes with its page: its newest turns. */
export interface OpenedChat {
  readonly conversation: Conversation;
  readonly turns: readonly StoredTurn[];
  /** There are no other turns. */
  readonly isWhole: boolean;
  /** By answer: what its model wrote, as far as it is finished. */
  readonly blocks: Readonly<Record<string, readonly Block[]>>;
}

export interface Demo {
  readonly installed: boolean;
  readonly collectionId: string | null;
}

/** A setting of lib/core/settings as it stands. */
export interface ShownSetting {
  readonly key: string;
  readonly value: string | number | boolean;
  readonly isDefault: boolean;
  readonly changedAt: string | null;
  readonly changedBy: string | null;
}

export type JobState = "waiting" | "running" | "dead";
export type JobAction = "cancel" | "replay" | "purge";

export interface QueuedJob {
  readonly id: string;
  readonly kind: string;
  readonly status: JobState;
  readonly priority: number;
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly reason: string | null;
  readonly subject: string | null;
  readonly documentId: string | null;
  readonly runAfter: string;
  readonly leaseExpiresAt: string | null;
  readonly createdAt: string;
  readonly endedAt: string | null;
}

export interface QueueOverview {
  readonly counts: Readonly<Record<JobState, number>>;
  readonly completedLastHour: number;
  readonly oldestWaitMs: number;
  readonly jobs: readonly QueuedJob[];
}
