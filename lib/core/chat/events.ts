/** A chunk shown as a source of an answer. `citation` is its number on screen, from 1. Offsets count UTF-16 units of the document version's text. */
export interface Source {
  readonly citation: number;
  readonly chunkId: string;
  readonly documentId: string;
  readonly versionId: string;
  readonly documentTitle: string;
  readonly collectionId: string;
  readonly collectionName: string;
  readonly headingPath: readonly string[];
  /** Page from 1 where the format has pages. */
  readonly page: number | null;
  readonly charStart: number;
  readonly charEnd: number;
  readonly text: string;
  /** Fused retrieval score, 0 to 1. */
  readonly score: number;
}

/** A sentence quoted word for word from a source; the range lies inside the document version's text. */
export interface EvidenceQuote {
  readonly citation: number;
  readonly text: string;
  readonly charStart: number;
  readonly charEnd: number;
}

/** `answerable`: the quotes answer the question. `related`: they do not; they are shown as "perhaps related" and the answer is a refusal. */
export type EvidenceVerdict = "answerable" | "related";

export type AnswerOutcome = "complete" | "refused" | "stopped" | "interrupted" | "failed";

export type ChatEvent =
  /** `place` in the line, from 1: whoever has that is next. */
  | { readonly type: "queued"; readonly place: number; readonly expectedMs: number }
  | { readonly type: "sources"; readonly sources: readonly Source[] }
  | {
      readonly type: "evidence";
      readonly quotes: readonly EvidenceQuote[];
      readonly verdict: EvidenceVerdict;
    }
  | { readonly type: "text-delta"; readonly text: string }
  | {
      /** Ends sentence `index` (from 0) of the generated text: everything since the last `sentence` or `reset`. */
      readonly type: "sentence";
      readonly index: number;
      readonly text: string;
      readonly citations: readonly number[];
      readonly supported: boolean;
    }
  | {
      readonly type: "notice";
      readonly kind: "cached" | "resumed" | "degraded" | "slow" | "general" | "conflict";
      readonly message: string;
    }
  | { readonly type: "reset"; readonly attempt: number }
  | {
      readonly type: "usage";
      readonly model: string;
      readonly nodeId: string;
      readonly promptTokens: number;
      readonly cachedPromptTokens: number;
      readonly completionTokens: number;
      readonly firstTokenMs: number;
    }
  | { readonly type: "text-end"; readonly answerId: string; readonly outcome: AnswerOutcome }
  | { readonly type: "error"; readonly code: string; readonly message: string };

/** An event with its place in the answer's log; numbers start at 1 and have no gaps. */
export interface NumberedEvent {
  readonly seq: number;
  readonly event: ChatEvent;
}

/** What a stored answer looks like: the fold of its events. */
export interface AnswerSnapshot {
  readonly sources: readonly Source[];
  readonly quotes: readonly EvidenceQuote[];
  readonly verdict: EvidenceVerdict | null;
  readonly sentences: readonly {
    readonly text: string;
    readonly citations: readonly number[];
    readonly supported: boolean;
    /** Its words are not here: it rests on what the reader may not read now. */
    readonly withheld?: true;
  }[];
  /** Text after the last finished sentence, provisional. */
  readonly openText: string;
  readonly notices: readonly { readonly kind: string; readonly message: string }[];
  /** The model that wrote the sentences; `null` until it has ended, or when none was asked. */
  readonly model: string | null;
  readonly outcome: AnswerOutcome | "running";
  readonly error: { readonly code: string; readonly message: string } | null;
}
