import type { Actor } from "../core/access/actor.ts";
import type {
  GoldenMeasure,
  GoldenResult,
  GoldenText,
} from "../core/evaluation/golden-question.ts";

export interface GoldenQuestion extends GoldenText {
  readonly id: string;
  /** The answer that it was made from. */
  readonly answerId: string | null;
  readonly createdAt: Date;
}

export interface NewGoldenQuestion extends GoldenText {
  readonly answerId?: string;
}

/** The parameters of the search that a run asked with. */
export interface GoldenRunSettings {
  readonly vectorShare: number;
  readonly lexicalCandidates: number;
  readonly vectorCandidates: number;
}

export type GoldenRunStatus = "waiting" | "running" | "complete" | "failed";

export interface GoldenRunSummary {
  readonly id: string;
  readonly status: GoldenRunStatus;
  readonly settings: GoldenRunSettings;
  readonly metrics: Readonly<Partial<Record<GoldenMeasure, number>>>;
  readonly questionCount: number;
  readonly askedCount: number;
  readonly failure: string | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

export interface GoldenRun extends GoldenRunSummary {
  readonly collectionId: string;
  readonly results: readonly GoldenResult[];
}

/** What a worker needs to go on with a run. */
export interface OpenGoldenRun {
  readonly actor: Actor;
  readonly collectionId: string;
  readonly settings: GoldenRunSettings;
  readonly results: readonly GoldenResult[];
  /** Those not asked yet, in a fixed order. */
  readonly left: readonly GoldenQuestion[];
  /** File names of the collection's published documents by id. */
  readonly fileNames: ReadonlyMap<string, string>;
}

/** Golden questions of collections that the actor manages; what is not theirs throws `not_found`. */
export interface GoldenStore {
  list(actor: Actor, collectionId: string): Promise<readonly GoldenQuestion[]>;
  /** Questions that the collection has already are left as they are. Throws `bad_request` beyond 2,000 in one collection. */
  add(
    actor: Actor,
    collectionId: string,
    questions: readonly NewGoldenQuestion[],
  ): Promise<{ readonly added: number; readonly known: number }>;
  change(actor: Actor, questionId: string, change: GoldenText): Promise<GoldenQuestion>;
  remove(actor: Actor, questionId: string): Promise<void>;
  /** The published text of the collection's documents, one after the other. */
  corpus(
    actor: Actor,
    collectionId: string,
  ): AsyncGenerator<{ readonly fileName: string; readonly title: string; readonly text: string }>;

  /** The newest first, at most 50. */
  runs(actor: Actor, collectionId: string): Promise<readonly GoldenRunSummary[]>;
  run(actor: Actor, runId: string): Promise<GoldenRun>;
  /** Queues a run. Throws `conflict` without questions, or while another one of the collection is open. */
  start(actor: Actor, collectionId: string, settings: GoldenRunSettings): Promise<GoldenRunSummary>;
  removeRun(actor: Actor, runId: string): Promise<void>;
}

/** A run's worker side, on behalf of who started it. */
export interface GoldenRuns {
  /** `null` when the run was removed, or has ended. */
  open(runId: string): Promise<OpenGoldenRun | null>;
  /** Keeps the results so far. */
  progress(runId: string, results: readonly GoldenResult[]): Promise<void>;
  finish(
    runId: string,
    results: readonly GoldenResult[],
    metrics: GoldenRunSummary["metrics"],
  ): Promise<void>;
  fail(runId: string, reason: string): Promise<void>;
}
