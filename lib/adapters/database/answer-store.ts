import { and, eq, ne } from "drizzle-orm";
import { answers } from "../../../drizzle/schema/index.ts";
import type { AnswerOutcome, AnswerSnapshot } from "../../core/chat/events.ts";
import { emptyAnswer } from "../../core/chat/fold-answer.ts";
import type { AnswerStore } from "../../ports/conversation-store.ts";
import type { Database } from "./typed-database.ts";

const ended = (outcome: AnswerOutcome, snapshot: AnswerSnapshot) => ({
  outcome,
  endedAt: new Date(),
  snapshot: { ...snapshot },
});

export const createAnswerStore = (deps: { readonly db: Database }): AnswerStore => ({
  async finish(answerId, outcome, snapshot) {
    const rows = await deps.db
      .update(answers)
      .set(ended(outcome, snapshot))
      .where(and(eq(answers.id, answerId), eq(answers.outcome, "running")))
      .returning({ id: answers.id });
    return rows.length === 1;
  },
  async interruptAbandoned(owner) {
    const rows = await deps.db
      .update(answers)
      .set(ended("interrupted", { ...emptyAnswer, outcome: "interrupted" }))
      .where(and(eq(answers.outcome, "running"), ne(answers.owner, owner)))
      .returning({ id: answers.id });
    return rows.length;
  },
});
