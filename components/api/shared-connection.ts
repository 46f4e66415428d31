import type { EventChannel, HubMessage, SharedConnection } from "./event-hub.ts";

/** What the server says of one of the topics. */
type Told =
  | Extract<HubMessage, { readonly kind: "event" }>
  | Omit<Extract<HubMessage, { readonly kind: "over" }>, "last">;

/** One event stream of the server for several topics. */
export interface StreamListener {
  readonly opened: () => void;
  readonly message: (told: Told) => void;
  readonly ended: () => void;
  readonly failed: (how: "lost" | "refused") => void;
}

export interface SharedConnectionDeps {
  readonly tell: (message: HubMessage) => void;
  readonly open: (topics: ReadonlyMap<string, number>, listener: StreamListener) => EventChannel;
  readonly after: (ms: number, work: () => void) => () => void;
  readonly now: () => number;
}

/** Several tabs say what they follow in one go. */
const gatherMs = 20;
const retryMs = 2_000;
/** Browsers let hidden tabs say something once a minute at least. */
const forgetMs = 150_000;

interface Follower {
  readonly topics: ReadonlySet<string>;
  readonly heardAtMs: number;
}

interface Held extends SharedConnectionDeps {
  readonly followers: Map<string, Follower>;
  /** Each topic that is followed, with the number of the event that was told last, or from where it is wanted. */
  readonly cursors: Map<string, number>;
  channel: EventChannel | null;
  cancelOpen: (() => void) | null;
  closed: boolean;
  /** Which opening of the stream counts: what an earlier one still says does not. */
  generation: number;
}

const take = ({ cursors, tell }: Held, told: Told): void => {
  const cursor = cursors.get(told.topic);
  if (cursor === undefined) return;
  if (told.kind === "event") {
    cursors.set(told.topic, told.seq);
    tell(told);
  } else {
    cursors.delete(told.topic);
    tell({ ...told, last: cursor });
  }
};

const hangUp = (held: Held): void => {
  held.generation += 1;
  held.channel?.close();
  held.channel = null;
};

const fail = (held: Held, how: "lost" | "refused"): void => {
  hangUp(held);
  if (how === "refused") {
    held.cursors.clear();
    held.followers.clear();
  } else openIn(held, retryMs);
  held.tell({ kind: "connection", state: how });
};

const open = (held: Held): void => {
  held.cancelOpen = null;
  hangUp(held);
  if (held.closed || held.cursors.size === 0) return;
  const mine = held.generation;
  const whileMine =
    <T extends unknown[]>(work: (...heard: T) => void) =>
    (...heard: T): void => {
      if (mine === held.generation) work(...heard);
    };
  held.channel = held.open(new Map(held.cursors), {
    opened: whileMine(() => {
      held.tell({ kind: "connection", state: "steady" });
    }),
    message: whileMine((told: Told) => {
      take(held, told);
    }),
    ended: whileMine(() => {
      hangUp(held);
    }),
    failed: whileMine((how: "lost" | "refused") => {
      fail(held, how);
    }),
  });
};

const openIn = (held: Held, ms: number): void => {
  held.cancelOpen?.();
  held.cancelOpen = held.after(ms, () => {
    open(held);
  });
};

/** Topics that nobody follows any more, and tabs that have not been heard for long, leave the connection. */
const dropUnfollowed = ({ followers, cursors, now }: Held): boolean => {
  for (const [tab, { heardAtMs }] of followers)
    if (now() - heardAtMs > forgetMs) followers.delete(tab);
  const left = [...cursors.keys()].filter(
    (topic) => ![...followers.values()].some(({ topics }) => topics.has(topic)),
  );
  for (const topic of left) cursors.delete(topic);
  return left.length > 0;
};

/** Holds the connection for as long as any tab follows something, and opens it anew when what they follow changes. */
export const createSharedConnection = (deps: SharedConnectionDeps): SharedConnection => {
  const held: Held = {
    ...deps,
    ...{ followers: new Map(), cursors: new Map() },
    ...{ channel: null, cancelOpen: null, closed: false, generation: 0 },
  };
  return {
    follow: (tab, topics, fresh) => {
      const followed = new Set(topics.map(([topic]) => topic));
      held.followers.set(tab, { topics: followed, heardAtMs: held.now() });
      let changed = dropUnfollowed(held);
      for (const [topic, after] of topics) {
        const cursor = held.cursors.get(topic);
        // A sign of life was sent before the last events arrived: its numbers may be behind without anything missing.
        if (cursor !== undefined && (!fresh.includes(topic) || after >= cursor)) continue;
        held.cursors.set(topic, after);
        changed = true;
      }
      if (changed) openIn(held, gatherMs);
    },
    leave: (tab) => {
      held.followers.delete(tab);
      if (dropUnfollowed(held)) openIn(held, gatherMs);
    },
    close: () => {
      held.closed = true;
      held.cancelOpen?.();
      hangUp(held);
    },
  };
};
