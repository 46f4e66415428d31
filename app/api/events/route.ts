import { z } from "zod";
import type { Container } from "#lib/container.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { AppError, isAppError } from "#lib/core/errors/app-error.ts";
import { mergeEvents } from "#lib/http/merge-events.ts";
import { noContent } from "#lib/http/reply.ts";
import { answerEvents } from "../answer-events.ts";
import { handle } from "../handle.ts";

const mostAnswers = 32;
const followed = z.array(z.tuple([z.uuid(), z.number().int().min(0)])).max(mostAnswers);
/** `ID.N`, with commas between them. */
const followedText = z
  .string()
  .max(mostAnswers * 60)
  .transform((text) => text.split(",").map((each) => each.split(".")))
  .transform((parts) => parts.map(([id, after, ...rest]) => [id, Number(after), ...rest]))
  .pipe(followed as z.ZodType<z.output<typeof followed>, (string | number | undefined)[][]>);
const query = z.strictObject({
  answers: followedText.optional(),
  cluster: z.literal("1").optional(),
});

/** What a browser is told: an event of what it follows, or that there is no more of it. */
type TopicEvent =
  | { readonly topic: string; readonly seq: number; readonly event: unknown }
  | { readonly topic: string; readonly over: "ended" | "gone" };
type TopicEvents = AsyncGenerator<TopicEvent, void>;

async function* onTopic(
  topic: string,
  events: AsyncGenerator<{ readonly seq: number; readonly event: unknown }, void> | null,
): TopicEvents {
  if (events !== null) for await (const { seq, event } of events) yield { topic, seq, event };
  yield { topic, over: events === null ? "gone" : "ended" };
}

async function* numbered<T>(events: AsyncGenerator<T, void>) {
  let seq = 0;
  for await (const event of events) yield { seq: (seq += 1), event };
}

/** `null`: not there for this person, or no longer. */
async function answerTopic(
  answers: Pick<Container["runningAnswers"], "events">,
  actor: Actor,
  [id, after]: readonly [string, number],
  signal: AbortSignal,
): Promise<{ readonly found: boolean; readonly events: TopicEvents }> {
  const topic = `answers/${id}`;
  try {
    return { found: true, events: onTopic(topic, await answers.events(actor, id, after, signal)) };
  } catch (error) {
    if (!isAppError(error, "not_found")) throw error;
    return { found: false, events: onTopic(topic, null) };
  }
}

/** One connection for everything that the tabs of a browser follow; it is opened anew when they follow something else. */
export const GET = handle({ auth: "member", query }, async (input) => {
  const { container, actor, query } = input;
  const { answers = [], cluster } = query;
  if (cluster !== undefined && actor.role !== "admin") throw new AppError("forbidden", {});
  const need = cluster === undefined ? "member" : "admin";
  const stream = await answerEvents(input, need, async (signal) => {
    const topics = await Promise.all(
      answers.map((each) => answerTopic(container.runningAnswers, actor, each, signal)),
    );
    const isNothingThere = topics.every(({ found }) => !found);
    if (isNothingThere && cluster === undefined) throw new AppError("not_found", {});
    const followedCluster =
      cluster === undefined ? [] : [onTopic("cluster", numbered(container.cluster.follow(signal)))];
    return {
      events: numbered(mergeEvents([...topics.map(({ events }) => events), ...followedCluster])),
    };
  });
  return stream ?? noContent();
});
