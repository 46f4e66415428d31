import type { EventFrames } from "#components/api/event-frames.ts";
import type { ChatEvent } from "#lib/core/chat/events.ts";

import { isRunning, takeEvent, type LiveAnswer } from "./live-answer.ts";

/** What an event stream tells. */
export interface ChannelListener {
  readonly opened: () => void;
  readonly message: (data: string, id: string) => void;
  /** The server has said everything. */
  readonly ended: () => void;
  /** `reconnecting`: the browser tries again by itself. `refused`: it has given up (the server said 204 or an error). */
  readonly failed: (how: "reconnecting" | "refused") => void;
}

export interface EventChannel {
  close(): void;
}

export interface AnswerStreamDeps {
  /** Opens the event stream behind event number `after`; the browser reconnects it by itself. */
  readonly open: (after: number, listener: ChannelListener) => EventChannel;
  readonly onChange: (live: LiveAnswer) => void;
  readonly onConnection: (connection: "steady" | "lost") => void;
  /** The stream is over: by its end, or because the server no longer holds it. Then the stored conversation is the truth. */
  readonly onOver: (how: "ended" | "gone") => void;
}

export interface AnswerStream {
  close(): void;
}

/** Opens an event stream of the server. */
export const openEventSource = (path: string, listener: ChannelListener): EventChannel => {
  const source = new EventSource(path);
  source.onopen = listener.opened;
  source.onmessage = (message: MessageEvent<string>) => {
    listener.message(message.data, message.lastEventId);
  };
  source.addEventListener("end", listener.ended);
  source.onerror = () => {
    listener.failed(source.readyState === EventSource.CLOSED ? "refused" : "reconnecting");
  };
  return source;
};

/** The events in the response to the question itself. When it breaks off, `reopen` goes on behind the last of them. */
export const readResponse = (
  frames: EventFrames,
  listener: ChannelListener,
  reopen: (after: number) => EventChannel,
): EventChannel => {
  let closed = false;
  let after = 0;
  let reopened: EventChannel | null = null;

  /** Whether the server said that this was all. */
  const readToEnd = async (): Promise<boolean> => {
    for (;;) {
      const frame = await frames.next();
      if (frame === null || closed) return false;
      if (frame.event === "end") return true;
      listener.message(frame.data, frame.id);
      after = Number(frame.id);
    }
  };
  void readToEnd()
    .catch(() => false)
    .then((ended) => {
      if (closed) return;
      if (ended) {
        listener.ended();
        return;
      }
      listener.failed("reconnecting");
      reopened = reopen(after);
    });
  return {
    close: () => {
      closed = true;
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

  const take = (data: string, id: string): void => {
    const step = takeEvent(live, { seq: Number(id), event: JSON.parse(data) as ChatEvent });
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
      message: (data, id) => {
        if (current()) take(data, id);
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
