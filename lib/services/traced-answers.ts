import type { Actor } from "../core/access/actor.ts";
import type { ChatEvent, EvidenceQuote, Source } from "../core/chat/events.ts";
import {
  cutTrace,
  emptyTrace,
  foldTrace,
  type AnswerTrace,
  type TracedPrompt,
  tracedTerm,
} from "../core/rag/answer-trace.ts";
import { estimatedTokens } from "../core/rag/prompt-tokens.ts";
import type { ChatRequest, LocalModels, ModelCall } from "../local-models.ts";
import type { AnswerTraces } from "../ports/answer-traces.ts";
import type { Clock } from "../ports/clock.ts";
import type { AnswerQuestionDeps } from "./answer-question.ts";
import type { AskedQuestion } from "./asked-question.ts";
import type { RetrieveChunks } from "./retrieve-chunks.ts";
import type { CacheHit, SemanticCache } from "./semantic-cache.ts";

export type Answering = (
  deps: AnswerQuestionDeps,
  actor: Actor,
  asked: AskedQuestion,
  call: ModelCall,
) => AsyncGenerator<ChatEvent, void>;

export interface TracedAnswersDeps {
  readonly answering: AnswerQuestionDeps;
  readonly answer: Answering;
  readonly traces: Pick<AnswerTraces, "keep">;
  readonly clock: Clock;
  /** Days that a trace is kept; 0: none is written. */
  readonly traceDays: () => number;
  readonly report: (error: unknown, context: string) => void;
}

interface Recorder {
  trace: AnswerTrace;
  sources: readonly Source[];
  quotes: readonly EvidenceQuote[];
}

/**
 * Answers as `answer` does and writes down how: it listens at the ports that the answer uses and at its events. The reader waits
 * for none of it, and a fault in writing is no fault of the answer.
 */
export function createTracedAnswers(deps: TracedAnswersDeps) {
  return async function* tracedAnswer(
    actor: Actor,
    asked: AskedQuestion,
    call: ModelCall,
  ): AsyncGenerator<ChatEvent, void> {
    const { answering, clock } = deps;
    const startedAt = clock.now();
    const recorder: Recorder = { trace: emptyTrace, sources: [], quotes: [] };
    const listening: AnswerQuestionDeps = {
      ...answering,
      retrieve: recordedSearch(answering.retrieve, recorder, clock),
      models: recordedModels(answering.models, recorder),
      ...(answering.cache === undefined ? {} : { cache: recordedCache(answering.cache, recorder) }),
    };
    try {
      for await (const event of deps.answer(listening, actor, asked, {
        ...call,
        answerId: asked.answerId,
      })) {
        const sinceMs = Math.round(clock.now() - startedAt);
        recorder.trace = foldTrace(recorder.trace, event, sinceMs);
        if (event.type === "sources") recorder.sources = event.sources;
        if (event.type === "evidence") recorder.quotes = event.quotes;
        yield event;
      }
    } finally {
      void write(deps, asked.answerId, recorder);
    }
  };
}

async function write(
  { traces, clock, traceDays, report }: TracedAnswersDeps,
  answerId: string,
  { trace, sources }: Recorder,
): Promise<void> {
  const documentIds = [...new Set(sources.map(({ documentId }) => documentId))];
  try {
    await traces.keep(answerId, traceDays() === 0 ? null : cutTrace(trace), {
      documentIds,
      at: clock.wallTime(),
    });
  } catch (error) {
    report(error, "keep trace");
  }
}

const recordedSearch =
  (retrieve: RetrieveChunks, recorder: Recorder, clock: Clock): RetrieveChunks =>
  async (actor, query, call) => {
    const startedAt = clock.now();
    const found = await retrieve(actor, query, call);
    const search = {
      collectionIds: query.collectionIds,
      withPreviousQuestion: query.previousQuestion !== undefined,
      lexicalOnly: found.lexicalOnly,
      terms: found.terms.map(tracedTerm),
      ranking: found.ranking,
      tookMs: Math.round(clock.now() - startedAt),
    };
    recorder.trace = { ...recorder.trace, search };
    return found;
  };

/** So many characters of a passage prove that it stands in a prompt. */
const telling = 60;

function promptOf({ messages }: ChatRequest, { sources, quotes }: Recorder): TracedPrompt {
  const prompt = messages.map(({ content }) => content).join("\n");
  const stands = ({ citation, text }: Source): boolean => {
    const quoted = quotes.filter((quote) => quote.citation === citation).map((quote) => quote.text);
    const middle = Math.max(0, Math.floor((text.length - telling) / 2));
    return [text.slice(0, telling), text.slice(middle, middle + telling), ...quoted]
      .map((piece) => piece.trim())
      .some((piece) => piece !== "" && prompt.includes(piece));
  };
  return {
    messages: messages.length,
    estimatedTokens: estimatedTokens(prompt),
    citations: sources.filter(stands).map(({ citation }) => citation),
    written: "",
  };
}

const mostHeard = 2000;

const recordedModels = (models: LocalModels, recorder: Recorder): LocalModels => ({
  ...models,
  async *chat(request, call) {
    const prompt = promptOf(request, recorder);
    let written = "";
    try {
      for await (const part of models.chat(request, call)) {
        if (part.type === "text" && written.length < mostHeard) written += part.text;
        if (part.type === "reset") written = "";
        yield part;
      }
    } finally {
      recorder.trace = { ...recorder.trace, prompt: { ...prompt, written } };
    }
  },
});

function recordedCache(cache: SemanticCache, recorder: Recorder): SemanticCache {
  const noted = (hit: CacheHit | null): CacheHit | null => {
    const result = hit === null ? "miss" : "hit";
    recorder.trace = { ...recorder.trace, cache: { result, by: hit?.by ?? null } };
    return hit;
  };
  return {
    ...cache,
    async begin(actor, asked) {
      const turn = await cache.begin(actor, asked);
      return {
        ...turn,
        known: async () => noted(await turn.known()),
        ofForm: async (embed) => noted(await turn.ofForm(embed)),
        provenBy: async (found, searchAnew) => noted(await turn.provenBy(found, searchAnew)),
      };
    },
  };
}
