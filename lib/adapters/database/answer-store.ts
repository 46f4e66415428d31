import { and, eq, ne, not, sql } from "drizzle-orm";
import { answers } from "../../../drizzle/schema/index.ts";
import { emptyAnswer } from "../../core/chat/fold-answer.ts";
import type { AnswerSnapshot } from "../../core/chat/events.ts";
import { answerText } from "../../core/chat/visible-snapshot.ts";
import type { AnswerStore } from "../../ports/conversation-store.ts";
import { isPresent } from "./process-presence.ts";
import type { Database } from "./typed-database.ts";

/** What was kept, or the empty answer, with the outcome it now has. */
const interruptedSnapshot = sql`
  coalesce(${answers.snapshot}, ${JSON.stringify(emptyAnswer)}::jsonb) || '{"outcome":"interrupted"}'::jsonb`;

const mostSearchedChars = 50_000;

/** What the search over the history finds of an answer; Postgres stores no NUL. */
const searchedText = (snapshot: AnswerSnapshot): string =>
  answerText(snapshot).replaceAll("\u0000", "").slice(0, mostSearchedChars);

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
      .set({
        outcome,
        endedAt: new Date(),
        snapshot: { ...snapshot },
        searchVector: sql`to_tsvector('simple', ${answers.question} || ' ' || ${searchedText(snapshot)}::text)`,
      })
      .where(and(eq(answers.id, answerId), eq(answers.outcome, "running")))
      .returning({ id: answers.id });
    return rows.length === 1;
  },
  async interruptAbandoned(owner) {
    const rows = await deps.db
      .update(answers)
      .set({ outcome: "interrupted", endedAt: new Date(), snapshot: interruptedSnapshot })
      .where(
        and(
          eq(answers.outcome, "running"),
          ne(answers.owner, owner),
          not(isPresent(answers.owner)),
        ),
      )
      .returning({ id: answers.id });
    return rows.length;
  },
});
