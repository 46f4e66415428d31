import {
  createEventHub,
  type ChannelListener,
  type EventChannel,
  type EventHub,
  type HubDeps,
  type HubMessage,
  type LeadingTurns,
} from "./event-hub.ts";
import { createSharedConnection, type StreamListener } from "./shared-connection.ts";

const sharedName = "drover-events";
const mostAnswers = 32;

const pathOf = (topics: ReadonlyMap<string, number>): string => {
  const answers = [...topics]
    .filter(([topic]) => topic.startsWith("answers/"))
    .map(([topic, after]) => `${topic.slice("answers/".length)}.${String(after)}`)
    .slice(0, mostAnswers);
  const parts = [
    ...(answers.length === 0 ? [] : [`answers=${answers.join(",")}`]),
    ...(topics.has("cluster") ? ["cluster=1"] : []),
  ];
  return `/api/events?${parts.join("&")}`;
};

type Sent =
  | { readonly topic: string; readonly seq: number; readonly event: unknown }
  | { readonly topic: string; readonly over: "ended" | "gone" };

const openStream = (
  topics: ReadonlyMap<string, number>,
  listener: StreamListener,
): EventChannel => {
  const source = new EventSource(pathOf(topics));
  source.onopen = listener.opened;
  source.onmessage = ({ data }: MessageEvent<string>) => {
    // What is sent is numbered once more for the connection; the numbers of the topics count.
    const sent = JSON.parse(data) as Sent;
    if ("over" in sent) listener.message({ kind: "over", topic: sent.topic, how: sent.over });
    else listener.message({ kind: "event", ...sent });
  };
  source.addEventListener("end", listener.ended);
  source.onerror = () => {
    listener.failed(source.readyState === EventSource.CLOSED ? "refused" : "lost");
  };
  return source;
};

const after = (ms: number, work: () => void): (() => void) => {
  const timer = setTimeout(work, ms);
  return () => {
    clearTimeout(timer);
  };
};

const every = (ms: number, work: () => void): (() => void) => {
  const timer = setInterval(work, ms);
  return () => {
    clearInterval(timer);
  };
};

/** How tabs find each other and one of them to lead. Without a secure origin browsers give no locks: each tab leads itself then. */
const amongTabs = (
  hear: (message: HubMessage) => void,
): Pick<HubDeps, "post" | "lead" | "takeOver"> => {
  const locks = (navigator as { readonly locks?: LockManager }).locks;
  if (locks === undefined) {
    return {
      post: () => undefined,
      lead: ({ begin }) => {
        begin();
      },
      takeOver: () => undefined,
    };
  }
  const channel = new BroadcastChannel(sharedName);
  channel.onmessage = ({ data }: MessageEvent<HubMessage>) => {
    hear(data);
  };
  let turns: LeadingTurns | null = null;
  /** Held until the page ends or another tab takes over. */
  const hold = (steal: boolean): Promise<unknown> =>
    locks.request(sharedName, { steal }, () => {
      turns?.begin();
      return new Promise(() => undefined);
    });
  const waitFor = (): void => {
    hold(false).catch(() => {
      turns?.lose();
      waitFor();
    });
  };
  return {
    post: (message) => {
      channel.postMessage(message);
    },
    lead: (mine) => {
      turns = mine;
      waitFor();
    },
    takeOver: () => {
      // This tab still waits in the line, for the time after.
      hold(true).catch(() => turns?.lose());
    },
  };
};

const createBrowserHub = (): EventHub => {
  const hub = createEventHub({
    ...amongTabs((message) => {
      hub.hear(message);
    }),
    tab: crypto.getRandomValues(new Uint32Array(4)).join("-"),
    isSeen: () => document.visibilityState === "visible",
    every,
    openShared: (tell) =>
      createSharedConnection({ tell, open: openStream, after, now: () => performance.now() }),
  });
  addEventListener("pagehide", hub.leave);
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) hub.comeBack();
  });
  return hub;
};

let hub: EventHub | null = null;

/** Follows `answers/ID` or `cluster` over the connection that all tabs of this browser share. */
export const followTopic = (
  topic: string,
  from: number,
  listener: ChannelListener,
): EventChannel => {
  hub ??= createBrowserHub();
  return hub.follow(topic, from, listener);
};
