import { carriedText, needsEarlierTurns } from "../core/chat/follow-up.ts";
import type { AppError } from "../core/errors/app-error.ts";
import type { EarlierTurn } from "../ports/conversation-store.ts";

export interface AskedQuestion {
  readonly answerId: string;
  readonly question: string;
  /** Empty = everything that the actor may read. */
  readonly collectionIds: readonly string[];
  /** Turns before this one, oldest first. */
  readonly history: readonly EarlierTurn[];
  /** Past the answer cache. */
  readonly asksAgain?: boolean;
  /** There was no room for it, but a kept answer: without that one it ends with this refusal after all. */
  readonly onlyKept?: AppError;
  /** Nobody waits for it: it is made to be kept. */
  readonly isPrewarm?: boolean;
}

/** Words of the last answer help to search; whether passages answer is judged by what was asked. */
export const previousQuestionOf = (
  { question, history }: AskedQuestion,
  lastAnswer = "",
): string | undefined => {
  const earlier = history.map((turn) => turn.question);
  return needsEarlierTurns(question, earlier) ? carriedText(earlier, lastAnswer) : undefined;
};
