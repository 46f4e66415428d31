import { and, eq, ne, sql } from "drizzle-orm";
import { answers } from "../../../drizzle/schema/index.ts";
import { emptyAnswer } from "../../core/chat/fold-answer.ts";
import type { AnswerStore } from "../../ports/conversation-store.ts";
import type { Database } from "./typed-database.ts";

/** What was kept, or the empty answer, with the outcome it now has. */
const interruptedSnapshot = sql`
  coalesce(${answers.snapshot}, ${JSON.stringify(emptyAnswer)}::jsonb) || '{"outcome":"interrupted"}'::jsonb`;

export const createAnswerStore = (deps: { readonly db: Database }): AnswerStore => ({
  async keep(answerId, snapshot) {
    await deps.db
      .update(answers)
      .set({ snapshot: { ...snapshot } })
      .where(and(eq(answers.id, answerId), eq(answers.outcome, "running")));
  },
  async finish(answerId, outcome, snapshot) {
    const rows = await deps.db
      .update(answers)
      .set({ outcome, endedAt: new Date(), snapshot: { ...snapshot } })
      .where(and(eq(answers.id, answerId), eq(answers.outcome, "running")))
      .returning({ id: answers.id });
    return rows.length === 1;
  },
  async interruptAbandoned(owner) {
    const rows = await deps.db
      .update(answers)
      .set({ outcome: "interrupted", endedAt: new Date(), snapshot: interruptedSnapshot })
      .where(and(eq(answers.outcome, "running"), ne(answers.owner, owner)))
      .returning({ id: answers.id });
    return rows.length;
  },
});
