import { sql, type SQL } from "drizzle-orm";
import type { Actor } from "../../core/access/actor.ts";

/** So many people have to have asked a wording before it says nothing of one of them. */
const crowd = 3;

/** Answers `a` of conversations `v` in which people typed this wording and were given the entry `e`. */
const askings = (question: SQL): SQL =>
  sql`answers a join conversations v on v.id = a.conversation_id
    where v.deleted_at is null and lower(trim(a.question)) = lower(trim(${question}))
      and (a.id = e.answer_id or a.id in (select s.answer_id from cache_servings s where s.entry_id = e.id))`;

/**
 * May an admin read this wording of the entry `e` of `cache_entries`? As with traces, what one person typed is theirs: shown is what
 * admins listed, what the actor asked, what its asker rated, and what several people asked alike.
 */
export function isWordingShown(
  actor: Actor,
  { scopeKey, exactKey, question }: Readonly<Record<"scopeKey" | "exactKey" | "question", SQL>>,
): SQL {
  const rated = sql`exists (select 1 from feedback f where f.answer_id = a.id and f.user_id = v.user_id)`;
  return sql`(exists (select 1 from cache_listed_questions l
      where l.workspace_id = e.workspace_id and l.exact_key = ${exactKey})
    or exists (select 1 from cache_wordings w
      where w.scope_key = ${scopeKey} and w.exact_key = ${exactKey} and w.user_id = ${actor.userId})
    or exists (select 1 from ${askings(question)} and (v.user_id = ${actor.userId} or ${rated}))
    or (select count(distinct v.user_id) from ${askings(question)}) >= ${crowd})`;
}
