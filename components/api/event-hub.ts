/** What a followed topic tells. */
export interface ChannelListener {
  readonly opened: () => void;
  /** An event and its number; after a reconnect some may come again. */
  readonly message: (event: unknown, seq: number) => void;
  /** The server has said everything. */
  readonly ended: () => void;
  /** `reconnecting`: it goes on by itself. `refused`: it does not (the server holds no more of it, or let nobody in). */
  readonly failed: (how: "reconnecting" | "refused") => void;
}

export interface EventChannel {
  close(): void;
}

/** What tabs tell each other. Topics go with the number of the last event that the tab has. */
export type HubMessage =
  | {
      readonly kind: "follow";
      readonly tab: string;
      readonly topics: readonly (readonly [topic: string, after: number])[];
      /** Of these, what follows `after` has to come (again); for the others this is a sign of life. */
      readonly fresh: readonly string[];
    }
  | { readonly kind: "leave"; readonly tab: string }
  | { readonly kind: "here"; readonly leader: string }
  | {
      readonly kind: "event";
      readonly topic: string;
      readonly seq: number;
      readonly event: unknown;
    }
  | {
      readonly kind: "over";
      readonly topic: string;
      readonly how: "ended" | "gone";
      /** Number of the last event that was told before. */
      readonly last: number;
    }
  | { readonly kind: "connection"; readonly state: "steady" | "lost" | "refused" };

export interface LeadingTurns {
  readonly begin: () => void;
  readonly lose: () => void;
}

export interface HubDeps {
  readonly tab: string;
  /** Reaches every other tab of the browser, never this one. */
  readonly post: (message: HubMessage) => void;
  /** Asks once to lead, and waits for as long as another tab does. */
  readonly lead: (turns: LeadingTurns) => void;
  /** Leads at once, whoever did. */
  readonly takeOver: () => void;
  /** Whether a person sees this tab: only then its clocks run as they should. */
  readonly isSeen: () => boolean;
  readonly every: (ms: number, work: () => void) => () => void;
  readonly openShared: (tell: (message: HubMessage) => void) => SharedConnection;
}

/** The one connection of the browser, held by the tab that leads. */
export interface SharedConnection {
  readonly follow: (tab: string, topics: HubFollow["topics"], fresh: readonly string[]) => void;
  readonly leave: (tab: string) => void;
  readonly close: () => void;
}

type HubFollow = Extract<HubMessage, { kind: "follow" }>;

export interface EventHub {
  /** Follows a topic from behind event number `after`. */
  readonly follow: (topic: string, after: number, listener: ChannelListener) => EventChannel;
  /** Takes what another tab posted. */
  readonly hear: (message: HubMessage) => void;
  /** The page goes away, perhaps for good. */
  readonly leave: () => void;
  /** The page is back. */
  readonly comeBack: () => void;
}

interface Following {
  readonly topic: string;
  after: number;
  readonly listener: ChannelListener;
}

interface Hub extends HubDeps {
  readonly own: Set<Following>;
  /** There while this tab leads. */
  shared: SharedConnection | null;
  leader: string | null;
  asked: boolean;
  silentSigns: number;
  stopSigns: (() => void) | null;
}

const signOfLifeMs = 5_000;
const mostSilentSigns = 2;

const topicsOf = ({ own }: Hub): HubFollow["topics"] => {
  const least = new Map<string, number>();
  for (const { topic, after } of own) least.set(topic, Math.min(after, least.get(topic) ?? after));
  return [...least];
};

const say = (hub: Hub, fresh: readonly string[]): void => {
  const { tab, shared } = hub;
  const topics = topicsOf(hub);
  if (shared !== null) shared.follow(tab, topics, fresh);
  else hub.post({ kind: "follow", tab, topics, fresh });
};

const sayAll = (hub: Hub): void => {
  if (hub.own.size > 0)
    say(
      hub,
      topicsOf(hub).map(([topic]) => topic),
    );
};

const takeEnd = (hub: Hub, one: Following, how: "ended" | "gone", last: number): void => {
  // Who came while it ended has not heard all of it.
  if (how === "ended" && one.after < last) {
    say(hub, [one.topic]);
    return;
  }
  hub.own.delete(one);
  if (how === "ended") one.listener.ended();
  else one.listener.failed("refused");
};

const takeConnection = (hub: Hub, one: Following, state: "steady" | "lost" | "refused"): void => {
  if (state === "steady") one.listener.opened();
  else if (state === "lost") one.listener.failed("reconnecting");
  else {
    hub.own.delete(one);
    one.listener.failed("refused");
  }
};

/** What the tab that leads tells, itself included. */
const take = (hub: Hub, message: HubMessage): void => {
  for (const one of [...hub.own]) {
    if (message.kind === "connection") takeConnection(hub, one, message.state);
    else if (message.kind === "over" && message.topic === one.topic)
      takeEnd(hub, one, message.how, message.last);
    else if (message.kind === "event" && message.topic === one.topic) {
      one.after = Math.max(one.after, message.seq);
      one.listener.message(message.event, message.seq);
    }
  }
};

const beginToLead = (hub: Hub): void => {
  hub.leader = hub.tab;
  hub.shared = hub.openShared((message) => {
    hub.post(message);
    take(hub, message);
  });
  hub.post({ kind: "here", leader: hub.tab });
  sayAll(hub);
};

const loseTheLead = (hub: Hub): void => {
  hub.shared?.close();
  hub.shared = null;
  sayAll(hub);
};

/** Tells the leader that this tab is there, and takes its place when it has not said a word for too long. */
const giveSign = (hub: Hub): void => {
  if (hub.shared !== null || hub.own.size === 0) return;
  if (hub.silentSigns >= mostSilentSigns && hub.isSeen()) {
    hub.silentSigns = 0;
    hub.takeOver();
    return;
  }
  hub.silentSigns += 1;
  say(hub, []);
};

const join = (hub: Hub): void => {
  hub.stopSigns ??= hub.every(signOfLifeMs, () => {
    giveSign(hub);
  });
  if (hub.asked) return;
  hub.asked = true;
  hub.lead({
    begin: () => {
      beginToLead(hub);
    },
    lose: () => {
      loseTheLead(hub);
    },
  });
};

const unfollow = (hub: Hub, one: Following): void => {
  if (!hub.own.delete(one)) return;
  say(hub, []);
  if (hub.own.size > 0) return;
  hub.stopSigns?.();
  hub.stopSigns = null;
  hub.silentSigns = 0;
};

const hear = (hub: Hub, message: HubMessage): void => {
  const { shared } = hub;
  if (message.kind === "follow") {
    if (shared === null) return;
    shared.follow(message.tab, message.topics, message.fresh);
    hub.post({ kind: "here", leader: hub.tab });
    return;
  }
  if (message.kind === "leave") {
    shared?.leave(message.tab);
    return;
  }
  hub.silentSigns = 0;
  if (message.kind === "here" && message.leader !== hub.leader) {
    hub.leader = message.leader;
    sayAll(hub);
  }
  // What another tab tells while this one leads comes from a leader that has not noticed yet.
  if (shared === null) take(hub, message);
};

/**
 * One event connection for all tabs of a browser: one tab leads, holds it and tells the others. When it dies or falls silent the
 * next one opens it behind the last event that each follower has, so that nothing is missing; what comes twice is told by its number.
 */
export const createEventHub = (deps: HubDeps): EventHub => {
  const hub: Hub = {
    ...deps,
    own: new Set(),
    ...{ shared: null, leader: null, asked: false, silentSigns: 0, stopSigns: null },
  };
  return {
    follow: (topic, after, listener) => {
      const one: Following = { topic, after, listener };
      hub.own.add(one);
      join(hub);
      say(hub, [topic]);
      return {
        close: () => {
          unfollow(hub, one);
        },
      };
    },
    hear: (message) => {
      hear(hub, message);
    },
    leave: () => {
      // Who leads keeps the connection: the lock of a page that ends is free for the next one.
      if (hub.shared === null) hub.post({ kind: "leave", tab: hub.tab });
    },
    comeBack: () => {
      sayAll(hub);
    },
  };
};
