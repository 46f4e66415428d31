import type { EventFrames } from "#components/api/event-frames.ts";
import type { ChannelListener, EventChannel } from "#components/api/event-hub.ts";
import type { ChatEvent } from "#lib/core/chat/events.ts";

import { isRunning, takeEvent, type LiveAnswer } from "./live-answer.ts";

export interface AnswerStreamDeps {
  /** Opens the event stream behind event number `after`; it reconnects by itself. */
  readonly open: (after: number, listener: ChannelListener) => EventChannel;
  readonly onChange: (live: LiveAnswer) => void;
  readonly onConnection: (connection: "steady" | "lost") => void;
  /** The stream is over: by its end, or because the server no longer holds it. Then the stored conversation is the truth. */
  readonly onOver: (how: "ended" | "gone") => void;
}

export interface AnswerStream {
  close(): void;
}

/**
 * The events in the response to the question itself. When it breaks off, `reopen` goes on behind the last of them; so it does after
 * `handOver`, for a browser has few connections and an answer may take long.
 */
export const readResponse = (
  frames: EventFrames,
  listener: ChannelListener,
  reopen: (after: number) => EventChannel,
  handOver: (begin: () => void) => () => void,
): EventChannel => {
  let closed = false;
  let handedOver = false;
  let after = 0;
  let reopened: EventChannel | null = null;

  /** Whether the server said that this was all. */
  const readToEnd = async (): Promise<boolean> => {
    for (;;) {
      const frame = await frames.next();
      if (frame === null || closed || handedOver) return false;
      if (frame.event === "end") return true;
      listener.message(JSON.parse(frame.data), Number(frame.id));
      after = Number(frame.id);
    }
  };
  const stayed = handOver(() => {
    handedOver = true;
    frames.cancel();
  });
  void readToEnd()
    .catch(() => false)
    .then((ended) => {
      stayed();
      if (closed) return;
      if (ended) {
        listener.ended();
        return;
      }
      if (!handedOver) listener.failed("reconnecting");
      reopened = reopen(after);
    });
  return {
    close: () => {
      closed = true;
      stayed();
      frames.cancel();
      reopened?.close();
    },
  };
};

/** Follows a running answer from `start` until it ends. Every event is folded exactly once, whatever is sent twice or reopened. */
export const followAnswer = (start: LiveAnswer, deps: AnswerStreamDeps): AnswerStream => {
  let live = start;
  let channel: EventChannel | null = null;
  let over = false;
  let generation = 0;

  const finish = (how: "ended" | "gone"): void => {
    if (over) return;
    over = true;
    channel?.close();
    deps.onOver(how);
  };

  const take = (event: unknown, seq: number): void => {
    const step = takeEvent(live, { seq, event: event as ChatEvent });
    switch (step.kind) {
      case "seen":
        return;
      case "gap":
        connect();
        return;
      case "applied":
        live = step.live;
        deps.onChange(live);
        return;
      default:
        step satisfies never;
    }
  };

  const connect = (): void => {
    channel?.close();
    generation += 1;
    const mine = generation;
    const current = (): boolean => !over && generation === mine;
    channel = deps.open(live.seq, {
      opened: () => {
        if (current()) deps.onConnection("steady");
      },
      message: (event, seq) => {
        if (current()) take(event, seq);
      },
      ended: () => {
        if (current()) finish(isRunning(live) ? "gone" : "ended");
      },
      failed: (how) => {
        if (!current()) return;
        if (how === "refused") finish("gone");
        else deps.onConnection("lost");
      },
    });
  };

  connect();
  return {
    close: () => {
      over = true;
      channel?.close();
    },
  };
};
