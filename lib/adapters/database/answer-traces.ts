import { sql, type SQL } from "drizzle-orm";
import type { Actor } from "../../core/access/actor.ts";
import { AppError } from "../../core/errors/app-error.ts";
import { withoutWords, type AnswerTrace } from "../../core/rag/answer-trace.ts";
import type { AnswerTraces, TracedAnswer } from "../../ports/answer-traces.ts";
import { changed, firstRow, json, type SqlDatabase, uuids } from "./sql-database.ts";

/** Answers `a` of conversations `v` of the workspace, for its admins; what a person has deleted is there for nobody. */
export const inspectable = (actor: Actor): SQL =>
  actor.role === "admin"
    ? sql`(v.workspace_id = ${actor.workspaceId} and v.deleted_at is null)`
    : sql`false`;

/** Chats with attached files are their owner's alone, words and all. */
const hasAttachments = sql`exists (select 1 from collections c where c.conversation_id = v.id)`;

/** May the admin read question and answer? Of others only what they rated themselves, and refusals where the workspace allows it. */
export const wordsShown = (actor: Actor, refusalsShown: boolean): SQL =>
  sql`(v.user_id = ${actor.userId} or (not ${hasAttachments} and (
    exists (select 1 from feedback f where f.answer_id = a.id and f.user_id = v.user_id)
    or (${refusalsShown}::boolean and a.outcome = 'refused'))))`;

async function keep(
  database: SqlDatabase,
  answerId: string,
  trace: AnswerTrace | null,
  found: { readonly documentIds: readonly string[]; readonly at: Date },
): Promise<void> {
  if (trace !== null)
    await changed(
      database,
      sql`insert into answer_traces (answer_id, trace) select id, ${json(trace)} from answers where id = ${answerId}
        on conflict (answer_id) do update set trace = excluded.trace, created_at = now()`,
    );
  if (found.documentIds.length === 0) return;
  await changed(
    database,
    sql`insert into document_finds (document_id, day, times)
      select id, ${found.at.toISOString().slice(0, 10)}, 1 from documents
      where id = any(${uuids(found.documentIds)}) order by id
      on conflict (document_id, day) do update set times = document_finds.times + 1`,
  );
}

async function retire(database: SqlDatabase, olderThanDays: number, mostKept: number) {
  await changed(
    database,
    sql`delete from answer_traces
      where created_at < now() - make_interval(days => ${olderThanDays}::integer)
        or answer_id in (select answer_id from answer_traces order by created_at desc offset ${mostKept})`,
  );
}

interface TracedRow {
  readonly [column: string]: unknown;
  readonly is_own: boolean;
  readonly words_shown: boolean;
  readonly question: string;
  readonly started_at: string | Date;
  readonly outcome: TracedAnswer["outcome"];
  readonly rating: "up" | "down" | null;
  readonly reason: string | null;
  readonly trace: AnswerTrace | null;
}

async function read(
  database: SqlDatabase,
  actor: Actor,
  answerId: string,
  refusalsShown: boolean,
): Promise<TracedAnswer> {
  const row = await firstRow<TracedRow>(
    database,
    sql`select v.user_id = ${actor.userId} as is_own, ${wordsShown(actor, refusalsShown)} as words_shown,
        a.question, a.started_at, a.outcome, f.rating, f.reason, t.trace
      from answers a join conversations v on v.id = a.conversation_id
        left join answer_traces t on t.answer_id = a.id
        left join feedback f on f.answer_id = a.id and f.user_id = v.user_id
      where a.id = ${answerId} and ${inspectable(actor)}`,
  );
  if (row === undefined) throw new AppError("not_found", {});
  const { is_own: isOwn, words_shown: shown, trace } = row;
  return {
    answerId,
    isOwn,
    wordsShown: shown,
    question: shown ? row.question : null,
    askedAt: new Date(row.started_at),
    outcome: row.outcome,
    rating: row.rating,
    reason: shown ? row.reason : null,
    trace: trace === null || shown ? trace : withoutWords(trace),
  };
}

export function createAnswerTraces(deps: { readonly database: SqlDatabase }): AnswerTraces {
  const { database } = deps;
  return {
    keep: (answerId, trace, found) => keep(database, answerId, trace, found),
    retire: (days, most) => retire(database, days, most),
    read: (actor, answerId, { refusalsShown }) => read(database, actor, answerId, refusalsShown),
  };
}
