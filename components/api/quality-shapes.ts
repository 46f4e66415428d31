import type { GoldenMeasure, GoldenResult } from "#lib/core/evaluation/golden-question.ts";
import type { AnswerTrace } from "#lib/core/rag/answer-trace.ts";
import type { RankedPlace } from "#lib/core/rag/ranked-place.ts";

export interface Passage {
  readonly chunkId: string;
  readonly documentId: string;
  readonly versionId: string;
  readonly documentTitle: string;
  readonly collectionId: string;
  readonly collectionName: string;
  readonly headingPath: readonly string[];
  readonly page: number | null;
  readonly charStart: number;
  readonly charEnd: number;
  readonly text: string;
  readonly flags: readonly string[];
}

export interface TracedAnswer {
  readonly answerId: string;
  readonly isOwn: boolean;
  readonly wordsShown: boolean;
  readonly question: string | null;
  readonly askedAt: string;
  readonly outcome: AnswerTrace["outcome"];
  readonly rating: "up" | "down" | null;
  readonly reason: string | null;
  readonly trace: AnswerTrace | null;
  readonly passages: readonly Passage[];
}

export type WorkState = "open" | "done";

export interface FailedQuestion {
  readonly answerId: string;
  readonly question: string;
  readonly askedAt: string;
  readonly kind: "refused" | "rated-down" | "failed";
  readonly reason: string | null;
  readonly collectionIds: readonly string[];
  readonly hasTrace: boolean;
  readonly isGolden: boolean;
  readonly times: number;
  readonly settledAt: string | null;
}

export interface UnfoundDocument {
  readonly documentId: string;
  readonly title: string;
  readonly collectionId: string;
  readonly collectionName: string;
  readonly chunkCount: number;
  readonly addedAt: string;
  readonly settledAt: string | null;
}

export interface QualityWork {
  readonly questions: readonly FailedQuestion[];
  readonly documents: readonly UnfoundDocument[];
  readonly counts: Readonly<
    Record<WorkState, { readonly questions: number; readonly documents: number }>
  >;
  readonly lastMonth: { readonly asked: number; readonly refused: number };
  /** What judges evidence, in words. */
  readonly scorer: string;
}

export interface SearchSettings {
  readonly vectorShare: number;
  readonly lexicalCandidates: number;
  readonly vectorCandidates: number;
}

export interface TriedSettings extends SearchSettings {
  readonly limit: number;
  readonly neighbourChars: number;
  readonly language: string | null;
}

export interface SearchTrial {
  readonly text: string;
  readonly previousQuestion?: string;
  readonly collectionIds: readonly string[];
  readonly settings: readonly TriedSettings[];
}

export interface TriedSearch {
  readonly settings: TriedSettings;
  readonly lexicalOnly: boolean;
  readonly terms: readonly {
    readonly language: string;
    readonly lexeme: string;
    readonly chunkCount: number;
  }[];
  readonly ranking: readonly RankedPlace[];
  readonly passages: readonly Passage[];
  readonly tookMs: number;
}

export interface GoldenText {
  readonly question: string;
  readonly fileName: string | null;
  readonly passage: string;
}

export interface GoldenQuestion extends GoldenText {
  readonly id: string;
  readonly answerId: string | null;
  readonly createdAt: string;
}

export interface GoldenRunSummary {
  readonly id: string;
  readonly status: "waiting" | "running" | "complete" | "failed";
  readonly settings: SearchSettings;
  readonly metrics: Readonly<Partial<Record<GoldenMeasure, number>>>;
  readonly questionCount: number;
  readonly askedCount: number;
  readonly failure: string | null;
  readonly createdAt: string;
  readonly endedAt: string | null;
}

export interface GoldenRun extends GoldenRunSummary {
  readonly collectionId: string;
  readonly results: readonly GoldenResult[];
}

export interface ImportedGolden {
  readonly added: number;
  readonly known: number;
  readonly faults: readonly string[];
  readonly faultCount: number;
}
