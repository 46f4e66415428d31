import type { People } from "./people.ts";
import type { Quality } from "./quality.ts";
import type { Config } from "../config.ts";
import type { Actor } from "../core/access/actor.ts";
import type { Clock } from "../ports/clock.ts";
import type { CollectionStore } from "../ports/collection-store.ts";
import type { ConversationStore, ShareStore, Turn } from "../ports/conversation-store.ts";
import type { DocumentStore } from "../ports/document-store.ts";
import type { FlaggedPassages } from "../ports/flagged-passages.ts";
import type { FileStore } from "../ports/file-store.ts";
import type { AnswerCacheAdmin } from "../services/answer-cache-admin.ts";
import type { ClusterAdmin } from "../services/cluster-admin.ts";
import type { ClusterSnapshots } from "../services/cluster-snapshot.ts";
import type { FollowSources } from "../services/follow-sources.ts";
import type { RunningAnswers } from "../services/running-answers.ts";
import type { RuntimeSettings } from "../services/runtime-settings.ts";
import type { SteerJobs } from "../services/steer-jobs.ts";
import type { ReplaceDocument, UploadDocument } from "../services/upload-document.ts";

/** What routes, pages and commands may use. */
export interface Container extends People {
  readonly collections: CollectionStore;
  readonly documents: DocumentStore;
  readonly conversations: ConversationStore;
  readonly shares: ShareStore;
  readonly files: Pick<FileStore, "open">;
  readonly runningAnswers: Pick<RunningAnswers, "start" | "startNew" | "events" | "stop">;
  readonly jobs: SteerJobs;
  readonly quality: Quality;
  readonly uploadDocument: UploadDocument;
  readonly replaceDocument: ReplaceDocument;
  readonly sources: Omit<FollowSources, "run">;
  /** What in the documents looks like an instruction to a model. */
  readonly flaggedPassages: FlaggedPassages;
  readonly demoCorpus: {
    status(
      actor: Actor,
    ): Promise<{ readonly installed: boolean; readonly collectionId: string | null }>;
    install(actor: Actor): Promise<{ readonly collectionId: string }>;
    remove(actor: Actor): Promise<void>;
  };
  suggestedQuestions(
    actor: Actor,
    collectionIds: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly string[]>;
  /** Questions that the documents of an answer answer too. */
  followUpQuestions(actor: Actor, answer: Turn, signal: AbortSignal): Promise<readonly string[]>;
  clusterStatus(): Promise<{
    readonly state: "ok" | "starting" | "degraded";
    readonly messages: readonly { readonly code: string; readonly text: string }[];
  }>;
  /** What admins see of the cluster and do to it. */
  readonly cluster: ClusterSnapshots & ClusterAdmin;
  /** In Prometheus' text format. */
  metrics(): string;
  readiness(): Promise<boolean>;
  /** For admins: what the answer cache holds and does. */
  readonly answerCache: AnswerCacheAdmin;
  readonly settings: Pick<RuntimeSettings, "current" | "shown" | "change">;
  readonly clock: Clock;
  readonly config: Config;
}
