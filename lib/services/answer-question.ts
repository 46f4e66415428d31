import type { Actor } from "../core/access/actor.ts";
import type { ChatEvent, Source } from "../core/chat/events.ts";
import { smallTalkOf, smallTalkReply } from "../core/chat/small-talk.ts";
import { standsAlone } from "../core/chat/standalone.ts";
import type { ModelCall } from "../local-models.ts";
import type { RankedChunk } from "../ports/chunk-search.ts";
import { chooseAnswerEvidence, type ChooseAnswerEvidenceDeps } from "./choose-answer-evidence.ts";
import { phraseAnswer, type PhraseAnswerDeps } from "./phrase-answer.ts";
import type { RetrieveChunks } from "./retrieve-chunks.ts";

export interface AskedQuestion {
  readonly answerId: string;
  readonly question: string;
  /** Empty = everything that the actor may read. */
  readonly collectionIds: readonly string[];
  /** Turns before this one, oldest first. */
  readonly history: readonly { readonly question: string; readonly answer: string }[];
}

export interface AnswerQuestionDeps extends ChooseAnswerEvidenceDeps, PhraseAnswerDeps {
  readonly retrieve: RetrieveChunks;
}

const mostSources = 8;

/**
 * The whole answer, from the question to `text-end`: sources and quotes first, then what a model makes of them.
 * Whether the documents answer at all is decided before a model is asked, and never by it.
 */
export async function* answerQuestion(
  deps: AnswerQuestionDeps,
  actor: Actor,
  asked: AskedQuestion,
  call: ModelCall,
): AsyncGenerator<ChatEvent, void> {
  const askedAt = deps.clock.now();
  const { answerId, question } = asked;
  const talk = smallTalkOf(question);
  if (talk !== null) {
    yield* ownWords(smallTalkReply(talk));
    yield { type: "text-end", answerId, outcome: "complete" };
    return;
  }

  const previousQuestion = standsAlone(question) ? undefined : asked.history.at(-1)?.question;
  const { collectionIds } = asked;
  const query = { text: question, collectionIds, limit: mostSources };
  const found = await deps.retrieve(
    actor,
    previousQuestion === undefined ? query : { ...query, previousQuestion },
    call,
  );
  const sources = found.chunks.map(sourceOf);
  yield { type: "sources", sources };

  const wholeQuestion =
    previousQuestion === undefined ? question : `${previousQuestion} ${question}`;
  const evidence = await chooseAnswerEvidence(deps, wholeQuestion, found, call, askedAt);
  yield { type: "evidence", quotes: evidence.quotes, verdict: evidence.verdict };
  if (evidence.verdict === "related") {
    yield { type: "text-end", answerId, outcome: "refused" };
    return;
  }

  const { quotes } = evidence;
  yield* phraseAnswer(deps, { question, history: asked.history, sources, quotes }, call);
  yield { type: "text-end", answerId, outcome: "complete" };
}

function* ownWords(text: string): Generator<ChatEvent, void> {
  yield { type: "text-delta", text };
  yield { type: "sentence", index: 0, text, citations: [], supported: true };
}

const sourceOf = (chunk: RankedChunk, index: number): Source => ({
  citation: index + 1,
  chunkId: chunk.chunkId,
  documentId: chunk.documentId,
  versionId: chunk.versionId,
  documentTitle: chunk.documentTitle,
  collectionId: chunk.collectionId,
  collectionName: chunk.collectionName,
  headingPath: chunk.headingPath,
  page: chunk.page,
  charStart: chunk.charStart,
  charEnd: chunk.charEnd,
  text: chunk.text,
  score: chunk.score,
});
