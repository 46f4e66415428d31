import { describe, expect, it } from "vitest";
import type { NumberedEvent } from "../core/chat/events.ts";
import { eventStream } from "./event-stream.ts";

const delta = (seq: number, text = "x"): NumberedEvent => ({
  seq,
  event: { type: "text-delta", text },
});

async function* finished(count: number): AsyncGenerator<NumberedEvent, void> {
  for (let seq = 1; seq <= count; seq += 1) yield delta(seq);
}

/** Waits for ever after its events; `ended` tells whether it was returned. */
function open(count: number) {
  const state = { asked: 0, ended: false };
  const never = Promise.withResolvers<never>();
  const events: AsyncGenerator<NumberedEvent, void> = {
    next: async () => {
      state.asked += 1;
      return state.asked <= count ? { done: false, value: delta(state.asked) } : never.promise;
    },
    return: async () => {
      state.ended = true;
      return { done: true, value: undefined };
    },
    throw: async () => ({ done: true, value: undefined }),
    [Symbol.asyncIterator]: () => events,
    [Symbol.asyncDispose]: async () => undefined,
  };
  return { state, events };
}

const signal = () => new AbortController().signal;

describe("eventStream", () => {
  it("writes number and data of each event, then says that the answer ended", async () => {
    const response = eventStream(finished(2), { signal: signal() });
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(await response.text()).toBe(
      ': open\n\nid: 1\ndata: {"type":"text-delta","text":"x"}\n\nid: 2\ndata: {"type":"text-delta","text":"x"}\n\nevent: end\ndata: {}\n\n',
    );
  });

  it("keeps text with line breaks on one data line", async () => {
    const lines = async function* () {
      yield delta(1, "a\n\ndata: forged\r\n\u2028");
    };
    const text = await eventStream(lines(), { signal: signal() }).text();
    const data = text.split("\n").filter((line) => line.startsWith("data:"));
    expect(data).toHaveLength(2);
    expect(text).not.toContain("\r");
  });

  it("asks for no more events than the reader takes", async () => {
    const { state, events } = open(1_000);
    const reader = eventStream(events, { signal: signal() }).body!.getReader();
    for (let taken = 0; taken < 5; taken += 1) await reader.read();
    expect(state.asked).toBeLessThanOrEqual(6);
    await reader.cancel();
    expect(state.ended).toBe(true);
  });

  it("writes a comment while nothing happens and then goes on with the same wait", async () => {
    const late = Promise.withResolvers<undefined>();
    const events = (async function* () {
      await late.promise;
      yield delta(1);
    })();
    const reader = eventStream(events, { signal: signal(), heartbeatMs: 5 }).body!.getReader();
    const texts: string[] = [];
    const next = async () => texts.push(new TextDecoder().decode((await reader.read()).value));
    await next();
    await next();
    expect(texts).toEqual([": open\n\n", ": waiting\n\n"]);
    late.resolve(undefined);
    while (!texts.at(-1)!.startsWith("event: end")) await next();
    expect(texts.filter((text) => text.startsWith("id: 1"))).toHaveLength(1);
  });

  it.each(["signal", "cancel", "time"])(
    "lets go of the generator once when %s ends it",
    async (how) => {
      const { state, events } = open(0);
      const controller = new AbortController();
      const ends: string[] = [];
      const response = eventStream(events, {
        signal: controller.signal,
        longestMs: how === "time" ? 5 : 60_000,
        onEnd: () => ends.push(how),
      });
      const reader = response.body!.getReader();
      await reader.read();
      if (how === "signal") controller.abort();
      if (how === "cancel") await reader.cancel();
      else expect((await reader.read()).done).toBe(true);
      controller.abort();
      expect([state.ended, ends]).toEqual([true, [how]]);
    },
  );

  it("ends quietly when the generator fails, so that the browser reconnects", async () => {
    const failing = (async function* () {
      yield delta(1);
      throw new Error("the log is gone");
    })();
    const text = await eventStream(failing, { signal: signal() }).text();
    expect(text).toContain("id: 1");
    expect(text).not.toContain("event: end");
    expect(text).not.toContain("gone");
  });
});
