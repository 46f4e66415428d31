import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { isAppError } from "#lib/core/errors/app-error.ts";
import type { ChatEvent, NumberedEvent } from "#lib/core/chat/events.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { StreamLog } from "#lib/ports/stream-log.ts";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";

const delta = (text: string): ChatEvent => ({ type: "text-delta", text });
const never = new AbortController().signal;

async function readAll(
  log: StreamLog,
  answerId: string,
  afterSeq: number,
): Promise<readonly NumberedEvent[] | null> {
  const reader = await log.read(answerId, afterSeq, never);
  if (reader === null) return null;
  const events: NumberedEvent[] = [];
  for await (const event of reader) events.push(event);
  return events;
}

/** What every stream log guarantees; `create` gives an empty one that tells time by the clock. */
export function streamLogContract(
  name: string,
  create: (clock: Clock) => StreamLog | Promise<StreamLog>,
): void {
  describe(`stream log: ${name}`, () => {
    it("numbers events from 1 without gaps and replays them in order", async () => {
      const log = await create(createFakeClock());
      await log.open("a");
      expect(await log.append("a", delta("x"))).toBe(1);
      expect(await log.append("a", delta("y"))).toBe(2);
      await log.close("a");
      expect(await readAll(log, "a", 0)).toEqual([
        { seq: 1, event: delta("x") },
        { seq: 2, event: delta("y") },
      ]);
    });

    it("gives a reader what it has not seen, then what comes live, and ends with the log", async () => {
      const log = await create(createFakeClock());
      await log.open("a");
      await log.append("a", delta("x"));
      await log.append("a", delta("y"));
      const reading = readAll(log, "a", 1);
      await log.append("a", delta("z"));
      await log.close("a");
      expect((await reading)?.map((each) => each.seq)).toEqual([2, 3]);
    });

    it("serves any reader whole wherever its connection is cut", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 30 }),
          fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 6 }),
          async (count, cuts) => {
            const log = await create(createFakeClock());
            await log.open("a");
            const writing = (async () => {
              for (let index = 1; index <= count; index += 1) {
                await log.append("a", delta(String(index)));
                if (index % 3 === 0) await Promise.resolve();
              }
              await log.close("a");
            })();
            const seen: number[] = [];
            for (const cut of [...cuts, Number.POSITIVE_INFINITY]) {
              const reader = await log.read("a", seen.length, never);
              let left = cut;
              for await (const { seq } of reader ?? []) {
                seen.push(seq);
                left -= 1;
                if (left <= 0) break;
              }
            }
            await writing;
            expect(seen).toEqual(Array.from({ length: count }, (_, index) => index + 1));
          },
        ),
        { numRuns: 50 },
      );
    });

    it("holds nothing for an answer that was never opened here", async () => {
      const log = await create(createFakeClock());
      expect(await readAll(log, "unknown", 0)).toBeNull();
    });

    it("refuses to open an answer twice and to append after the end", async () => {
      const log = await create(createFakeClock());
      await log.open("a");
      await expect(log.open("a")).rejects.toSatisfy((e) => isAppError(e, "conflict"));
      await log.close("a");
      await expect(log.append("a", delta("late"))).rejects.toSatisfy((e) =>
        isAppError(e, "conflict"),
      );
    });

    it("lets a waiting reader leave at once with its own reason", async () => {
      const log = await create(createFakeClock());
      await log.open("a");
      const leaving = new AbortController();
      const reader = await log.read("a", 0, leaving.signal);
      const next = reader?.next();
      leaving.abort(new Error("gone"));
      await expect(next).rejects.toThrow("gone");
    });

    it("serves a log that ended a while ago as it was, to whoever comes back and to whoever was slow", async () => {
      const clock = createFakeClock();
      const log = await create(clock);
      await log.open("a");
      for (const text of ["x", "ü\u2028", "z"]) await log.append("a", delta(text));
      const slow = await log.read("a", 0, never);
      const seen = [(await slow?.next())?.value];
      await log.close("a");
      await clock.advance(60_000);
      await log.open("b");
      const again = await readAll(log, "a", 0);
      expect(again?.map(({ event }) => event)).toEqual(["x", "ü\u2028", "z"].map(delta));
      expect(await readAll(log, "a", 2)).toEqual(again?.slice(2));
      for await (const event of slow ?? []) seen.push(event);
      expect(seen).toEqual(again);
    });

    it("keeps a log for ten minutes after its end, and forgets it then", async () => {
      const clock = createFakeClock();
      const log = await create(clock);
      await log.open("a");
      await log.append("a", delta("x"));
      await log.close("a");
      await clock.advance(599_000);
      expect(await readAll(log, "a", 0)).toHaveLength(1);
      await clock.advance(2000);
      expect(await readAll(log, "a", 0)).toBeNull();
    });
  });
}
