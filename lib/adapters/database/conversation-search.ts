import { and, desc, eq, or, sql } from "drizzle-orm";
import { answers, conversations, feedback } from "../../../drizzle/schema/index.ts";
import type { Actor } from "../../core/access/actor.ts";
import { excerptAround, holdsWords } from "../../core/chat/search-words.ts";
import { answerText } from "../../core/chat/visible-snapshot.ts";
import type { ConversationMatch } from "../../ports/conversation-store.ts";
import { summaryColumns } from "./conversation-summary.ts";
import { isOwn, ratedBy, turnColumns, visibleTurns } from "./conversation-turns.ts";
import type { Database } from "./typed-database.ts";

const mostCandidates = 200;
const mostMatches = 30;

/** Every word as the beginning of one; `words` hold letters and digits only. */
const prefixQuery = (words: readonly string[]): string =>
  words.map((word) => `'${word}':*`).join(" & ");

/** The best place of each conversation: the newest answer that matches, else the title. */
const oneEach = (matches: readonly ConversationMatch[]): readonly ConversationMatch[] => {
  const best = new Map<string, ConversationMatch>();
  for (const match of matches) {
    const known = best.get(match.conversation.id);
    if (known === undefined || (known.answerId === null && match.answerId !== null))
      best.set(match.conversation.id, match);
  }
  return [...best.values()].slice(0, mostMatches);
};

/**
 * The actor's conversations whose title, question or answer holds every word. Candidates come by index; whether they
 * match is decided on what the actor may read now, so that a search finds nothing of documents that were withdrawn.
 */
export async function searchConversations(
  db: Database,
  actor: Actor,
  words: readonly string[],
): Promise<readonly ConversationMatch[]> {
  if (words.length === 0) return [];
  const query = sql`to_tsquery('simple', ${prefixQuery(words)})`;
  const rows = await db
    .select({ ...turnColumns, conversation: summaryColumns })
    .from(answers)
    .innerJoin(conversations, eq(conversations.id, answers.conversationId))
    .leftJoin(feedback, ratedBy(actor))
    .where(
      and(
        isOwn(actor),
        or(
          sql`${answers.searchVector} @@ ${query}`,
          sql`to_tsvector('simple', ${conversations.title}) @@ ${query}`,
        ),
      ),
    )
    .orderBy(desc(conversations.updatedAt), desc(answers.startedAt))
    .limit(mostCandidates);
  const visible = await visibleTurns(db, actor, rows);
  return oneEach(
    visible.flatMap(({ conversation, answerId, question, snapshot }): ConversationMatch[] => {
      const text = `${question}\n${snapshot === null ? "" : answerText(snapshot)}`;
      if (holdsWords(text, words))
        return [{ conversation, answerId, excerpt: excerptAround(text, words) }];
      if (!holdsWords(conversation.title, words)) return [];
      return [{ conversation, answerId: null, excerpt: excerptAround(question, words) }];
    }),
  );
}
