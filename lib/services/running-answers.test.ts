import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMemoryStreamLog } from "../adapters/memory/stream-log.ts";
import type { Actor } from "../core/access/actor.ts";
import type { ChatEvent, NumberedEvent } from "../core/chat/events.ts";
import { emptyAnswer, foldAnswer } from "../core/chat/fold-answer.ts";
import { AppError, isAppError } from "../core/errors/app-error.ts";
import type { ModelCall } from "../local-models.ts";
import type { AnswerStore } from "../ports/conversation-store.ts";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { createMemoryConversations } from "#testing/fakes/memory-conversations.ts";
import { defaultSettings } from "../core/settings/settings.ts";
import { createRunningAnswers, type RunningAnswersDeps } from "./running-answers.ts";

const someone: Actor = { userId: "someone", workspaceId: "w", role: "member" };
const other: Actor = { userId: "other", workspaceId: "w", role: "admin" };
const never = new AbortController().signal;
const delta = (text: string): ChatEvent => ({ type: "text-delta", text });

type Story = RunningAnswersDeps["answer"];

async function start(
  story: Story,
  change: {
    store?: (store: AnswerStore) => AnswerStore;
    admission?: RunningAnswersDeps["admission"];
  } = {},
) {
  const clock = createFakeClock();
  const memory = createMemoryConversations();
  const reports: unknown[] = [];
  const depsFor = (owner: string): RunningAnswersDeps => ({
    answer: story,
    ...{ isAnsweredAlready: () => Promise.resolve(false), isRememberedAnswer: () => false },
    ...{ clock, owner, conversations: memory.conversations },
    store: change.store?.(memory.answers) ?? memory.answers,
    log: createMemoryStreamLog({ clock }),
    turnLimits: () => defaultSettings.chat,
    admission: change.admission ?? { admit: () => undefined },
    report: (error) => reports.push(error),
  });
  const running = createRunningAnswers(depsFor("first"));
  const { id } = await memory.conversations.create(someone, { title: "t", collectionIds: [] });
  const ask = (question = "q") => running.start(someone, { conversationId: id, question });
  const read = async (answerId: string, after = 0): Promise<readonly NumberedEvent[]> => {
    const events: NumberedEvent[] = [];
    const reader = await running.events(someone, answerId, after, never);
    for await (const event of reader ?? []) events.push(event);
    return events;
  };
  const stored = (answerId: string) => memory.conversations.ownAnswer(someone, answerId);
  const restarted = () => createRunningAnswers(depsFor("second"));
  return { clock, running, ask, read, stored, reports, restarted, finished: memory.finished };
}

/** A story of `words` deltas, one each 100 ms. */
const telling = (
  clock: () => { sleep(ms: number, signal?: AbortSignal): Promise<void> },
  words: number,
): Story =>
  async function* (_actor, { answerId }, { signal }) {
    for (let word = 1; word <= words; word += 1) {
      await clock().sleep(100, signal);
      yield delta(`w${String(word)} `);
    }
    yield { type: "text-end", answerId, outcome: "complete" };
  };

async function startTelling(words: number) {
  let clock = createFakeClock();
  const world = await start(telling(() => clock, words));
  clock = world.clock;
  return world;
}

const textOf = (events: readonly NumberedEvent[]): string =>
  events.map(({ event }) => (event.type === "text-delta" ? event.text : "")).join("");

describe("RunningAnswers", () => {
  it("goes on without any reader and stores the fold of its events", async () => {
    const { ask, clock, stored } = await startTelling(3);
    const { answerId } = await ask();
    await clock.advance(1000);
    const turn = await stored(answerId);
    expect(turn.outcome).toBe("complete");
    expect(turn.snapshot).toEqual({ ...emptyAnswer, openText: "w1 w2 w3 ", outcome: "complete" });
  });

  it("gives a reload, a second reader and any cut connection the same events, none missing, none twice", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 14 }), fc.integer({ min: 0, max: 900 })), {
          maxLength: 6,
        }),
        async (words, cuts) => {
          const { ask, clock, running, read } = await startTelling(words);
          const { answerId } = await ask();
          const whole = read(answerId);
          const seen: NumberedEvent[] = [];
          for (const [count, laterMs] of cuts) {
            const leaving = new AbortController();
            const reader = await running.events(someone, answerId, seen.length, leaving.signal);
            const reading = (async () => {
              let left = count;
              for await (const event of reader ?? []) {
                if (leaving.signal.aborted) return;
                seen.push(event);
                left -= 1;
                if (left <= 0) return;
              }
            })().catch(() => undefined);
            await clock.advance(laterMs);
            leaving.abort(new Error("connection lost"));
            await reading;
          }
          await clock.advance(3000);
          seen.push(...(await read(answerId, seen.length)));
          expect(seen).toEqual(await whole);
          expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, index) => index + 1));
          expect(seen.at(-1)?.event).toMatchObject({ type: "text-end", outcome: "complete" });
        },
      ),
      { numRuns: 40 },
    );
  });

  it("ends the message at once when stopped, aborts the work and adds nothing after", async () => {
    const { ask, clock, running, read, stored } = await startTelling(50);
    const { answerId } = await ask();
    await clock.advance(250);
    const before = clock.now();
    await running.stop(someone, answerId);
    const events = await read(answerId);
    expect(clock.now() - before).toBe(0);
    expect(textOf(events)).toBe("w1 w2 ");
    expect(events.at(-1)?.event).toEqual({ type: "text-end", answerId, outcome: "stopped" });
    await clock.advance(10_000);
    expect(await read(answerId)).toEqual(events);
    expect((await stored(answerId)).outcome).toBe("stopped");
  });

  it("ends once when it is stopped twice at the same moment, by a story that ignores the abort too", async () => {
    const { ask, clock, running, read, finished, reports } = await start(async function* (
      _actor,
      { answerId },
    ) {
      for (let word = 0; word < 20; word += 1) {
        await clock0.sleep(100);
        yield delta("w ");
      }
      yield { type: "text-end", answerId, outcome: "complete" };
    });
    const clock0 = clock;
    const { answerId } = await ask();
    await clock.advance(350);
    await Promise.all([running.stop(someone, answerId), running.stop(someone, answerId)]);
    await clock.advance(10_000);
    const ends = (await read(answerId)).filter(({ event }) => event.type === "text-end");
    expect(ends).toHaveLength(1);
    expect(finished).toEqual([answerId]);
    expect(reports).toEqual([]);
  });

  it("hands the abort to a story that is stuck inside a call", async () => {
    let aborted = false;
    const { ask, clock, running } = await start(async function* (
      _actor,
      _asked,
      { signal }: ModelCall,
    ) {
      await new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          aborted = true;
          reject(signal.reason as Error);
        });
      });
    });
    const { answerId } = await ask();
    await clock.advance(0);
    await running.stop(someone, answerId);
    expect(aborted).toBe(true);
  });

  it("shows an answer to nobody but its owner, and lets nobody else stop it", async () => {
    const { ask, running } = await startTelling(3);
    const { answerId } = await ask();
    const notFound = (error: unknown): boolean => isAppError(error, "not_found");
    await expect(running.events(other, answerId, 0, never)).rejects.toSatisfy(notFound);
    await expect(running.stop(other, answerId)).rejects.toSatisfy(notFound);
  });

  it("runs two answers of a person, lets five wait with their place and refuses the next", async () => {
    const { ask, clock, read } = await startTelling(2);
    const answers = [];
    for (let index = 0; index < 7; index += 1) answers.push(await ask());
    await expect(ask()).rejects.toSatisfy((error) => isAppError(error, "rate_limited"));
    await clock.advance(2000);
    const last = await read(answers[6]?.answerId ?? "");
    expect(last[0]?.event).toMatchObject({ type: "queued", place: 5 });
    expect(last.at(-1)?.event).toMatchObject({ outcome: "complete" });
    await expect(ask()).resolves.toBeDefined();
  });

  it("frees the place of a waiting answer that is stopped", async () => {
    const { ask, clock, running, read } = await startTelling(5);
    const [, , waiting, next] = [await ask(), await ask(), await ask(), await ask()];
    await clock.advance(10);
    await running.stop(someone, waiting.answerId);
    await clock.advance(5000);
    expect(textOf(await read(waiting.answerId))).toBe("");
    expect((await read(next.answerId)).at(-1)?.event).toMatchObject({ outcome: "complete" });
  });

  it.each(["", "Connection terminated"])("says why a story failed (%s)", async (cause) => {
    const code = cause === "" ? "internal" : "database_unavailable";
    const broken = await start(async function* () {
      yield delta("half");
      throw new Error("secret detail", { cause: new Error(cause) });
    });
    const { answerId } = await broken.ask();
    await broken.clock.advance(0);
    const events = await broken.read(answerId);
    expect(events.slice(-2)).toMatchObject([{ event: { code } }, { event: { outcome: "failed" } }]);
    expect(JSON.stringify(events)).not.toContain("secret detail");
    expect(broken.reports).toHaveLength(1);
  });

  it("stores the end when the database comes back", async () => {
    let failures = 2;
    const { ask, clock, stored } = await start(
      async function* (_actor, { answerId }) {
        yield { type: "text-end", answerId, outcome: "complete" } as const;
      },
      {
        store: (store) => ({
          ...store,
          finish: (...end) =>
            failures-- > 0 ? Promise.reject(new Error("away")) : store.finish(...end),
        }),
      },
    );
    const { answerId } = await ask();
    await clock.advance(100);
    expect((await stored(answerId)).outcome).toBe("running");
    await clock.advance(5000);
    expect((await stored(answerId)).outcome).toBe("complete");
  });

  it("marks what an earlier process left running as interrupted, once", async () => {
    const { ask, stored, restarted } = await startTelling(50);
    const { answerId } = await ask();
    expect(await restarted().recover()).toBe(1);
    expect((await stored(answerId)).outcome).toBe("interrupted");
    expect(await restarted().recover()).toBe(0);
  });

  it("gives running answers 25 s when it shuts down, takes no new ones and interrupts the rest", async () => {
    const { ask, clock, running, stored, finished } = await startTelling(300);
    const { answerId } = await ask();
    const draining = running.drain();
    await expect(ask()).rejects.toSatisfy((error) => isAppError(error, "no_node_available"));
    await clock.advance(24_000);
    expect((await stored(answerId)).outcome).toBe("running");
    await clock.advance(2000);
    await draining;
    expect((await stored(answerId)).outcome).toBe("interrupted");
    expect(finished).toEqual([answerId]);
  });

  it("shuts down at once when nothing runs", async () => {
    const { running } = await startTelling(1);
    await expect(running.drain()).resolves.toBeUndefined();
  });

  it("stores for any run of events exactly what a reader folds from the log", async () => {
    const events = fc.array(
      fc.oneof(
        fc.string().map(delta),
        fc.record({
          type: fc.constant("sentence" as const),
          index: fc.nat(9),
          text: fc.string(),
          citations: fc.array(fc.nat(9)),
          supported: fc.boolean(),
        }),
        fc.record({ type: fc.constant("reset" as const), attempt: fc.constant(2) }),
      ),
      { maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(events, async (told) => {
        const { ask, clock, read, stored } = await start(async function* (_actor, { answerId }) {
          yield* told;
          yield { type: "text-end", answerId, outcome: "complete" } as const;
        });
        const { answerId } = await ask();
        await clock.advance(0);
        const log = await read(answerId);
        const folded = log.reduce((answer, { event }) => foldAnswer(answer, event), emptyAnswer);
        expect((await stored(answerId)).snapshot).toEqual(folded);
      }),
      { numRuns: 30 },
    );
  });

  it("gives the place back of a question that is refused at the door, and stores nothing of it", async () => {
    let isOpen = false;
    const admit = (): void => {
      if (!isOpen) throw new AppError("rate_limited", { retryAfterMs: 3000 });
    };
    const { clock, ask } = await start(
      telling(() => clock, 0),
      { admission: { admit } },
    );
    for (let tries = 0; tries < 10; tries += 1)
      await expect(ask()).rejects.toMatchObject({ details: { retryAfterMs: 3000 } });
    isOpen = true;
    expect((await ask()).turn).toBe(0);
  });
});
