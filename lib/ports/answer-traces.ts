import type { Actor } from "../core/access/actor.ts";
import type { AnswerOutcome } from "../core/chat/events.ts";
import type { AnswerTrace } from "../core/rag/answer-trace.ts";

/** An answer as an admin may look into it. */
export interface TracedAnswer {
  readonly answerId: string;
  readonly isOwn: boolean;
  /** Question, words and sentences are another person's: `null` and empty unless that person rated the answer, or refusals are shown to admins. */
  readonly wordsShown: boolean;
  readonly question: string | null;
  readonly askedAt: Date;
  readonly outcome: AnswerOutcome | "running";
  readonly rating: "up" | "down" | null;
  readonly reason: string | null;
  /** `null`: none was kept, or no longer. */
  readonly trace: AnswerTrace | null;
}

export interface AnswerTraces {
  /** Remembers how an answer came about, and that its documents were found. `trace` `null`: only the latter. */
  keep(
    answerId: string,
    trace: AnswerTrace | null,
    found: { readonly documentIds: readonly string[]; readonly at: Date },
  ): Promise<void>;
  /** Forgets traces older than this and, beyond `mostKept`, the oldest. */
  retire(olderThanDays: number, mostKept: number): Promise<void>;
  /** For admins of the workspace. Throws `not_found` for answers of others, and of deleted conversations. */
  read(
    actor: Actor,
    answerId: string,
    policy: { readonly refusalsShown: boolean },
  ): Promise<TracedAnswer>;
}
