import type { AnswerSnapshot, ChatEvent } from "../core/chat/events.ts";
import { emptyAnswer, foldAnswer } from "../core/chat/fold-answer.ts";
import { milliseconds } from "../core/time/milliseconds.ts";
import type { ModelCall } from "../local-models.ts";
import type { AskedWording } from "../ports/cache-upkeep-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { AskedQuestion } from "./asked-question.ts";
import type { Actor } from "../core/access/actor.ts";

/** The answer line with the cache or past it (services/answer-question.ts). */
export type AnswerLine = (
  actor: Actor,
  asked: AskedQuestion,
  call: ModelCall,
) => AsyncGenerator<ChatEvent, void>;

export interface IdleAnswer {
  readonly snapshot: AnswerSnapshot;
  /** It was kept already and has been proven anew. */
  readonly wasKept: boolean;
  readonly tookMs: number;
  /** Prompt and answer. */
  readonly tokens: number;
}

const longestMs = 120_000;

/** A call at the lowest class, for what nobody waits for. */
export const idleCall = (clock: Clock, signal: AbortSignal): ModelCall => ({
  class: "prewarm",
  client: "prewarm",
  deadline: milliseconds(clock.now() + longestMs),
  signal,
});

/** Answers a question as the person whose wording it is would be answered. */
export async function answerIdly(
  deps: { readonly answer: AnswerLine; readonly clock: Clock; readonly newId: () => string },
  { actor, question, collectionIds }: AskedWording,
  signal: AbortSignal,
): Promise<IdleAnswer> {
  const startedAt = deps.clock.now();
  const asked = { answerId: deps.newId(), question, collectionIds, history: [], isPrewarm: true };
  let snapshot = emptyAnswer;
  let tokens = 0;
  for await (const event of deps.answer(actor, asked, idleCall(deps.clock, signal))) {
    snapshot = foldAnswer(snapshot, event);
    if (event.type === "usage") tokens += event.promptTokens + event.completionTokens;
  }
  signal.throwIfAborted();
  const wasKept = snapshot.notices.some(({ kind }) => kind === "cached");
  return { snapshot, wasKept, tookMs: deps.clock.now() - startedAt, tokens };
}
