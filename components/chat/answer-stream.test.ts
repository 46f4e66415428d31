import { describe, expect, it } from "vitest";

import type { ChatEvent } from "#lib/core/chat/events.ts";

import { readFrames } from "#components/api/event-frames.ts";

import type { ChannelListener } from "#components/api/event-hub.ts";

import { followAnswer, readResponse } from "./answer-stream.ts";
import { newAnswer, type LiveAnswer } from "./live-answer.ts";

interface Opened {
  readonly after: number;
  readonly listener: ChannelListener;
  closed: boolean;
}

const delta = (text: string): ChatEvent => ({ type: "text-delta", text });

const follow = (start: LiveAnswer = newAnswer) => {
  const opened: Opened[] = [];
  const seen = { live: start, connection: "steady", over: "" };
  const stream = followAnswer(start, {
    open: (after, listener) => {
      const channel: Opened = { after, listener, closed: false };
      opened.push(channel);
      return {
        close: () => {
          channel.closed = true;
        },
      };
    },
    onChange: (live) => {
      seen.live = live;
    },
    onConnection: (connection) => {
      seen.connection = connection;
    },
    onOver: (how) => {
      seen.over = how;
    },
  });
  const channel = (index: number) => {
    const entry = opened[index];
    if (entry === undefined) throw new Error(`no channel ${String(index)} was opened`);
    const { listener } = entry;
    return {
      ...listener,
      wasClosed: () => entry.closed,
      send: (seq: number, event: ChatEvent) => {
        listener.message(event, seq);
      },
    };
  };
  return { opened, seen, stream, channel };
};

describe("followAnswer", () => {
  it("folds every event once although the server repeats some after a reconnect", () => {
    const { seen, channel } = follow();
    channel(0).send(1, delta("The gate "));
    channel(0).send(2, delta("opens "));
    channel(0).send(1, delta("The gate "));
    channel(0).send(2, delta("opens "));
    channel(0).send(3, delta("at nine."));
    expect(seen.live.snapshot.openText).toBe("The gate opens at nine.");
    expect(seen.live.seq).toBe(3);
  });

  it("reads again from the last event it has when one is missing", () => {
    const { seen, opened, channel } = follow();
    channel(0).send(1, delta("a"));
    channel(0).send(3, delta("c"));
    expect(opened.map((entry) => entry.after)).toEqual([0, 1]);
    expect(channel(0).wasClosed()).toBe(true);
    channel(1).send(2, delta("b"));
    channel(1).send(3, delta("c"));
    expect(seen.live.snapshot.openText).toBe("abc");
  });

  it("leaves reconnecting to the browser while the connection is only lost", () => {
    const { seen, opened, channel } = follow();
    channel(0).failed("reconnecting");
    expect(seen.connection).toBe("lost");
    expect(opened).toHaveLength(1);
    channel(0).opened();
    expect(seen.connection).toBe("steady");
    expect(seen.over).toBe("");
  });

  it("says that the stream is gone when the server refuses it", () => {
    const { seen, channel } = follow();
    channel(0).failed("refused");
    expect(seen.over).toBe("gone");
  });

  it("ends when the server says so after the last event", () => {
    const { seen, channel } = follow();
    channel(0).send(1, delta("Yes."));
    channel(0).send(2, { type: "text-end", answerId: "a", outcome: "complete" });
    channel(0).ended();
    expect(seen.over).toBe("ended");
    expect(channel(0).wasClosed()).toBe(true);
    expect(seen.live.snapshot.outcome).toBe("complete");
  });

  it("asks for the stored conversation when the stream ends without an outcome", () => {
    const { seen, channel } = follow();
    channel(0).send(1, delta("Yes"));
    channel(0).ended();
    expect(seen.over).toBe("gone");
  });

  it("hears nothing more once it is closed", () => {
    const { seen, stream, channel } = follow();
    stream.close();
    channel(0).send(1, delta("late"));
    channel(0).failed("refused");
    expect(seen.live.seq).toBe(0);
    expect(seen.over).toBe("");
  });

  it("keeps the place in the queue only until there is something to read", () => {
    const { seen, channel } = follow();
    channel(0).send(1, { type: "queued", place: 2, expectedMs: 8_000 });
    expect(seen.live.queue).toEqual({ place: 2, expectedMs: 8_000 });
    channel(0).send(2, delta("x"));
    expect(seen.live.queue).toBeNull();
  });
});

describe("readResponse", () => {
  const begin = () => {
    const body = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>();
    const writer = body.writable.getWriter();
    const seen = { reopenedAfter: -1, closed: false, connection: "", over: "" };
    let live: LiveAnswer = newAnswer;
    let handOver: (() => void) | null = null;
    const reopened: ChannelListener[] = [];
    const stream = followAnswer(live, {
      open: (_after, listener) =>
        readResponse(
          readFrames(body.readable),
          listener,
          (after) => {
            seen.reopenedAfter = after;
            reopened.push(listener);
            return {
              close: () => {
                seen.closed = true;
              },
            };
          },
          (begin) => {
            handOver = begin;
            return () => {
              handOver = null;
            };
          },
        ),
      onChange: (next) => {
        live = next;
      },
      onConnection: (connection) => {
        seen.connection = connection;
      },
      onOver: (how) => {
        seen.over = how;
      },
    });
    const write = (text: string) => writer.write(new TextEncoder().encode(text));
    const send = (seq: number, event: ChatEvent) =>
      write(`id: ${String(seq)}\ndata: ${JSON.stringify(event)}\n\n`);
    const textNow = () => live.snapshot.openText;
    const handOverNow = () => handOver?.();
    return { seen, stream, writer, write, send, reopened, textNow, handOverNow };
  };

  it("takes the events from the response and ends with it", async () => {
    const { seen, send, write, textNow } = begin();
    await send(1, delta("Yes."));
    await send(2, { type: "text-end", answerId: "a", outcome: "complete" });
    await write("event: end\ndata: {}\n\n");
    await expect.poll(() => seen.over).toBe("ended");
    expect(textNow()).toBe("Yes.");
    expect(seen.reopenedAfter).toBe(-1);
  });

  it.each(["cut off", "broken"])(
    "goes on behind the last event when the response is %s, missing and doubling nothing",
    async (how) => {
      const { seen, send, writer, reopened, textNow } = begin();
      await send(1, delta("The gate "));
      await send(2, delta("opens "));
      await expect.poll(textNow).toBe("The gate opens ");
      if (how === "broken") await writer.abort(new Error("connection reset"));
      else await writer.close();
      await expect.poll(() => seen.reopenedAfter).toBe(2);
      expect(seen.connection).toBe("lost");
      reopened[0]?.opened();
      reopened[0]?.message(delta("opens "), 2);
      reopened[0]?.message(delta("at nine."), 3);
      expect(textNow()).toBe("The gate opens at nine.");
      expect([seen.connection, seen.over]).toEqual(["steady", ""]);
    },
  );

  it("is handed over to the shared connection behind the last event, without a word of loss", async () => {
    const { seen, send, textNow, handOverNow } = begin();
    await send(1, delta("The gate "));
    await expect.poll(textNow).toBe("The gate ");
    handOverNow();
    await expect.poll(() => seen.reopenedAfter).toBe(1);
    expect([seen.connection, seen.over]).toEqual(["", ""]);
  });

  it("reads nothing more once the page has left", async () => {
    const { seen, stream, send, writer, textNow } = begin();
    await send(1, delta("a"));
    await expect.poll(textNow).toBe("a");
    stream.close();
    await expect(writer.closed).rejects.toBeUndefined();
    expect([seen.reopenedAfter, seen.connection, textNow()]).toEqual([-1, "", "a"]);
  });
});
