import type { CountedTerm } from "./words-across-languages.ts";
import type { AnswerOutcome, ChatEvent, EvidenceVerdict } from "../chat/events.ts";
import type { RankedPlace } from "./ranked-place.ts";

/** A word that was searched as one language stems it, and in how many chunks of the scope it stands so. */
export interface TracedTerm {
  readonly lexeme: string;
  readonly language: string;
  readonly chunkCount: number;
}

export const tracedTerm = ({ lexeme, language, lexemeChunks }: CountedTerm): TracedTerm => ({
  ...{ lexeme, language, chunkCount: lexemeChunks },
});

/** What was searched, scored and cut. */
export interface TracedSearch {
  readonly collectionIds: readonly string[];
  /** The turn before was searched with it. */
  readonly withPreviousQuestion: boolean;
  /** No node embedded the question: words alone. */
  readonly lexicalOnly: boolean;
  readonly terms: readonly TracedTerm[];
  readonly ranking: readonly RankedPlace[];
  readonly tookMs: number;
}

/** What a model was sent, and what it wrote. */
export interface TracedPrompt {
  readonly messages: number;
  readonly estimatedTokens: number;
  /** Citations of the sources whose words stand in the prompt. */
  readonly citations: readonly number[];
  /** As the model wrote it, held back or not; the first 1,000 characters. */
  readonly written: string;
}

export interface TracedSentence {
  readonly text: string;
  readonly citations: readonly number[];
  readonly supported: boolean;
}

/** How an answer came about, without the text of any passage: that is read from the documents, with the rights of who looks. */
export interface AnswerTrace {
  readonly version: 1;
  /** `hit`: an answer that was given before was proven and given again. */
  readonly cache: { readonly result: "hit" | "miss" | "off"; readonly by: string | null };
  readonly search: TracedSearch | null;
  readonly sources: readonly {
    readonly citation: number;
    readonly chunkId: string;
    readonly documentId: string;
  }[];
  readonly quotes: readonly {
    readonly citation: number;
    readonly charStart: number;
    readonly charEnd: number;
  }[];
  readonly verdict: EvidenceVerdict | null;
  readonly prompt: TracedPrompt | null;
  readonly sentences: readonly TracedSentence[];
  readonly notices: readonly { readonly kind: string; readonly message: string }[];
  readonly model: {
    readonly name: string;
    readonly nodeId: string;
    readonly promptTokens: number;
    readonly cachedPromptTokens: number;
    readonly completionTokens: number;
    readonly firstTokenMs: number;
  } | null;
  /** Times broken off and begun anew. */
  readonly resets: number;
  readonly evidenceAfterMs: number | null;
  readonly tookMs: number | null;
  readonly outcome: AnswerOutcome | "running";
  readonly error: string | null;
}

export const emptyTrace: AnswerTrace = {
  version: 1,
  cache: { result: "off", by: null },
  search: null,
  sources: [],
  quotes: [],
  verdict: null,
  prompt: null,
  sentences: [],
  notices: [],
  model: null,
  resets: 0,
  evidenceAfterMs: null,
  tookMs: null,
  outcome: "running",
  error: null,
};

/** The trace after one more event of the answer. @param sinceMs from the question to the event */
export function foldTrace(trace: AnswerTrace, event: ChatEvent, sinceMs: number): AnswerTrace {
  switch (event.type) {
    case "sources": {
      const sources = event.sources.map(({ citation, chunkId, documentId }) => ({
        ...{ citation, chunkId, documentId },
      }));
      return { ...trace, sources };
    }
    case "evidence": {
      const quotes = event.quotes.map(({ citation, charStart, charEnd }) => ({
        ...{ citation, charStart, charEnd },
      }));
      return { ...trace, quotes, verdict: event.verdict, evidenceAfterMs: sinceMs };
    }
    case "sentence": {
      const { text, citations, supported } = event;
      return { ...trace, sentences: [...trace.sentences, { text, citations, supported }] };
    }
    case "notice": {
      const { kind, message } = event;
      return { ...trace, notices: [...trace.notices, { kind, message }] };
    }
    case "reset":
      return { ...trace, sentences: [], resets: trace.resets + 1 };
    case "usage": {
      const { nodeId, promptTokens, cachedPromptTokens, completionTokens, firstTokenMs } = event;
      const counts = { promptTokens, cachedPromptTokens, completionTokens, firstTokenMs };
      return { ...trace, model: { name: event.model, nodeId, ...counts } };
    }
    case "text-end":
      return { ...trace, outcome: event.outcome, tookMs: sinceMs };
    case "error":
      return { ...trace, error: event.code };
    case "queued":
    case "text-delta":
      return trace;
    default:
      return event satisfies never;
  }
}

const mostRanked = 30;
const mostTerms = 40;
const mostSentences = 40;
const mostSentenceChars = 500;
const mostWrittenChars = 1000;

/** Characters of JSON that no trace exceeds. */
export const mostTraceChars = 16_000;

/** Cut to what may be kept: at most `mostTraceChars` of JSON, the least telling parts first to go. */
export function cutTrace(trace: AnswerTrace): AnswerTrace {
  const cut: AnswerTrace = {
    ...trace,
    search:
      trace.search === null
        ? null
        : {
            ...trace.search,
            collectionIds: trace.search.collectionIds.slice(0, 100),
            terms: trace.search.terms
              .slice(0, mostTerms)
              .map((term) => ({ ...term, lexeme: term.lexeme.slice(0, 60) })),
            ranking: trace.search.ranking.slice(0, mostRanked).map(rounded),
          },
    prompt:
      trace.prompt === null
        ? null
        : { ...trace.prompt, written: trace.prompt.written.slice(0, mostWrittenChars) },
    sentences: trace.sentences
      .slice(0, mostSentences)
      .map((sentence) => ({ ...sentence, text: sentence.text.slice(0, mostSentenceChars) })),
    notices: trace.notices.slice(0, 10),
  };
  return lighter(cut);
}

/** Halves what is longest until all of it fits. */
function lighter(trace: AnswerTrace): AnswerTrace {
  let light = trace;
  while (JSON.stringify(light).length > mostTraceChars) {
    const { search, sentences } = light;
    if (sentences.length > 4) {
      light = { ...light, sentences: sentences.slice(0, Math.ceil(sentences.length / 2)) };
    } else if (search !== null && search.ranking.length > 4) {
      const ranking = search.ranking.slice(0, Math.ceil(search.ranking.length / 2));
      light = { ...light, search: { ...search, ranking } };
    } else {
      return { ...light, sentences: [], notices: [], prompt: null, search: null };
    }
  }
  return light;
}

const rounded = (place: RankedPlace): RankedPlace => ({
  ...place,
  lexicalScore: Number(place.lexicalScore.toFixed(3)),
  cosine: place.cosine === null ? null : Number(place.cosine.toFixed(4)),
  score: Number(place.score.toFixed(4)),
});

/** What is left for those who may not read the person's words: figures, places and verdicts. */
export const withoutWords = (trace: AnswerTrace): AnswerTrace => ({
  ...trace,
  search:
    trace.search === null
      ? null
      : { ...trace.search, terms: trace.search.terms.map((term) => ({ ...term, lexeme: "" })) },
  prompt: trace.prompt === null ? null : { ...trace.prompt, written: "" },
  sentences: trace.sentences.map((sentence) => ({ ...sentence, text: "" })),
  // Some of them name documents, which may be files of the person's own.
  notices: trace.notices.map(({ kind }) => ({ kind, message: "" })),
});
