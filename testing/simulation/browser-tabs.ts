import {
  createEventHub,
  type EventHub,
  type HubMessage,
  type LeadingTurns,
} from "#components/api/event-hub.ts";
import { createSharedConnection, type StreamListener } from "#components/api/shared-connection.ts";
import { createAgenda } from "./agenda.ts";
import { createChance } from "./chance.ts";

const topics = ["answers/0", "answers/1", "answers/2"];
const eventsPerTopic = 40;
const eventEveryMs = 120;
const endMs = 60_000;
const deedsWithinMs = 6_000;

interface Tab {
  readonly name: string;
  readonly hub: EventHub;
  alive: boolean;
  /** A suspended tab hears and does nothing until it is woken. */
  asleep: (() => void)[] | null;
  /** Last number that was taken in order, by topic. */
  readonly last: Map<string, number>;
  readonly ended: Set<string>;
  readonly taken: string[];
}

interface Connection {
  readonly tab: Tab;
  readonly listener: StreamListener;
  /** Last number that was sent, by topic that has not ended. */
  readonly sent: Map<string, number>;
  isOpen: boolean;
}

interface Waiter {
  readonly tab: Tab;
  readonly turns: LeadingTurns;
}

/** A browser with tabs, its locks and its channel between tabs, and a server that writes answers; in virtual time. */
class Browser {
  readonly tabs: Tab[] = [];
  readonly connections: Connection[] = [];
  readonly writtenAt = new Map<string, number[]>();
  mostOpen = 0;
  /** Longest time from writing an event to a tab's taking it, of tabs that were there. */
  worstLagMs = 0;
  #now = 0;
  #holder: Waiter | null = null;
  readonly #line: Waiter[] = [];
  readonly #agenda = createAgenda<() => void>();
  readonly #chance;

  constructor(seed: number) {
    this.#chance = createChance(seed);
    for (const topic of topics) {
      this.writtenAt.set(topic, []);
      this.#inMs(this.#chance.below(2_000), () => {
        this.#write(topic);
      });
    }
  }

  plan(weights: readonly number[]): void {
    const deeds = [this.#open, this.#end, this.#sleep, this.#breakOff];
    for (let count = 0; count < 14; count += 1)
      this.#inMs(this.#chance.below(deedsWithinMs), () => {
        deeds[this.#chance.weighted(weights)]?.();
      });
  }

  run(): void {
    for (;;) {
      const next = this.#agenda.next();
      if (next === undefined || next.at > endMs) return;
      this.#now = next.at;
      next.event();
      const open = this.connections.filter(({ isOpen, tab }) => isOpen && tab.asleep === null);
      this.mostOpen = Math.max(this.mostOpen, open.length);
    }
  }

  #inMs(ms: number, work: () => void): void {
    this.#agenda.add(this.#now + ms, work);
  }

  /** What happens in a tab waits while it sleeps and never happens once it is dead. */
  #inside(tab: Tab, work: () => void): void {
    if (!tab.alive) return;
    if (tab.asleep === null) work();
    else tab.asleep.push(work);
  }

  readonly #write = (topic: string): void => {
    const times = this.writtenAt.get(topic)!;
    times.push(this.#now);
    for (const connection of this.connections)
      if (connection.isOpen && connection.sent.has(topic))
        this.#inside(connection.tab, () => {
          this.#flush(connection);
        });
    const next = eventEveryMs * (0.2 + this.#chance.next() * 1.6);
    if (times.length < eventsPerTopic)
      this.#inMs(next, () => {
        this.#write(topic);
      });
  };

  #flush(connection: Connection): void {
    for (const [topic, sent] of connection.sent) {
      const written = this.writtenAt.get(topic)!.length;
      for (let seq = sent + 1; seq <= written && connection.isOpen; seq += 1) {
        connection.sent.set(topic, seq);
        connection.listener.message({ kind: "event", topic, seq, event: seq });
      }
      if (written < eventsPerTopic || !connection.isOpen) continue;
      connection.sent.delete(topic);
      connection.listener.message({ kind: "over", topic, how: "ended" });
    }
    if (connection.sent.size > 0 || !connection.isOpen) return;
    connection.isOpen = false;
    connection.listener.ended();
  }

  #connect(tab: Tab, wanted: ReadonlyMap<string, number>, listener: StreamListener) {
    const connection: Connection = { tab, listener, sent: new Map(wanted), isOpen: true };
    this.connections.push(connection);
    this.#inMs(5 + this.#chance.below(30), () => {
      this.#inside(tab, () => {
        if (!connection.isOpen) return;
        listener.opened();
        this.#flush(connection);
      });
    });
    return {
      close: () => {
        connection.isOpen = false;
      },
    };
  }

  /** As a BroadcastChannel: late, but in order for each who hears. */
  #channelOf(name: string): (message: HubMessage) => void {
    const heardAt = new Map<Tab, number>();
    return (message) => {
      for (const other of this.tabs) {
        if (other.name === name) continue;
        const at = Math.max(heardAt.get(other) ?? 0, this.#now + this.#chance.below(8));
        heardAt.set(other, at);
        this.#agenda.add(at, () => {
          this.#inside(other, () => {
            other.hub.hear(message);
          });
        });
      }
    };
  }

  readonly #grant = (): void => {
    if (this.#holder !== null) return;
    const at = this.#line.findIndex(({ tab }) => tab.alive);
    const [next] = at === -1 ? [] : this.#line.splice(at, 1);
    if (next === undefined) return;
    this.#holder = next;
    this.#inside(next.tab, next.turns.begin);
  };

  #steal(tab: Tab): void {
    const mine = this.#line.find((one) => one.tab === tab);
    const before = this.#holder;
    if (mine === undefined || before === null) return;
    this.#line.splice(this.#line.indexOf(mine), 1, before);
    this.#holder = mine;
    this.#inside(before.tab, before.turns.lose);
    this.#inside(tab, mine.turns.begin);
  }

  #repeat(tab: () => Tab, ms: number, work: () => void): () => void {
    let stopped = false;
    const tick = (): void => {
      if (stopped || !tab().alive) return;
      if (tab().asleep === null) work();
      this.#inMs(ms, tick);
    };
    this.#inMs(ms, tick);
    return () => {
      stopped = true;
    };
  }

  #after(tab: () => Tab, ms: number, work: () => void): () => void {
    let stopped = false;
    this.#inMs(ms, () => {
      this.#inside(tab(), () => {
        if (!stopped) work();
      });
    });
    return () => {
      stopped = true;
    };
  }

  #hubOf(name: string, tab: () => Tab): EventHub {
    return createEventHub({
      tab: name,
      post: this.#channelOf(name),
      every: (ms, work) => this.#repeat(tab, ms, work),
      lead: (turns) => {
        this.#line.push({ tab: tab(), turns });
        this.#inMs(1, this.#grant);
      },
      takeOver: () => {
        this.#steal(tab());
      },
      isSeen: () => tab().asleep === null,
      openShared: (tell) =>
        createSharedConnection({
          tell,
          after: (ms, work) => this.#after(tab, ms, work),
          now: () => this.#now,
          open: (wanted, listener) => this.#connect(tab(), wanted, listener),
        }),
    });
  }

  readonly #open = (): void => {
    const name = `tab-${String(this.tabs.length)}`;
    const tab: Tab = {
      ...{ name, alive: true, asleep: null, taken: [] },
      hub: this.#hubOf(name, () => tab),
      ...{ last: new Map<string, number>(), ended: new Set<string>() },
    };
    this.tabs.push(tab);
    for (const topic of topics)
      if (this.#chance.next() < 0.7) {
        tab.last.set(topic, 0);
        this.#follow(tab, topic, this.#now);
      }
  };

  /** Takes events as an answer on a page does: in order, each once, reading again where one is missing. */
  #follow(tab: Tab, topic: string, sinceMs: number): void {
    const channel = tab.hub.follow(topic, tab.last.get(topic) ?? 0, {
      opened: () => undefined,
      message: (event, seq) => {
        const last = tab.last.get(topic) ?? 0;
        if (seq <= last) return;
        if (seq !== last + 1) {
          channel.close();
          this.#follow(tab, topic, sinceMs);
          return;
        }
        tab.last.set(topic, seq);
        tab.taken.push(`${topic} ${String(event)}`);
        const writtenAt = this.writtenAt.get(topic)![seq - 1] ?? 0;
        this.worstLagMs = Math.max(this.worstLagMs, this.#now - Math.max(writtenAt, sinceMs));
      },
      ended: () => tab.ended.add(topic),
      failed: () => undefined,
    });
  }

  readonly #end = (): void => {
    const tab = this.tabs[this.#chance.below(this.tabs.length)];
    if (tab?.alive !== true || tab.asleep !== null) return;
    if (this.#chance.next() < 0.5) tab.hub.leave();
    tab.alive = false;
    for (const connection of this.connections)
      if (connection.tab === tab) connection.isOpen = false;
    if (this.#holder?.tab !== tab) return;
    this.#holder = null;
    this.#inMs(1, this.#grant);
  };

  readonly #sleep = (): void => {
    const any = this.tabs[this.#chance.below(this.tabs.length)];
    const tab = this.#chance.next() < 0.7 ? this.#holder?.tab : any;
    if (tab?.alive !== true || tab.asleep !== null) return;
    tab.asleep = [];
    // Some are never looked at again.
    if (this.#chance.next() < 0.4) return;
    this.#inMs(5_000 + this.#chance.below(30_000), () => {
      const waiting = tab.asleep ?? [];
      tab.asleep = null;
      for (const work of waiting) this.#inside(tab, work);
    });
  };

  readonly #breakOff = (): void => {
    const connection = this.connections.findLast(({ isOpen }) => isOpen);
    if (connection === undefined) return;
    connection.isOpen = false;
    this.#inside(connection.tab, () => {
      connection.listener.failed("lost");
    });
  };
}

const lacksOf = ({ name, last, ended }: Tab): readonly string[] =>
  [...last].flatMap(([topic, seq]) => [
    ...(seq === eventsPerTopic ? [] : [`${name} has ${topic} up to ${String(seq)}`]),
    ...(ended.has(topic) ? [] : [`${name} was not told that ${topic} ended`]),
  ]);

/** @param weights how often tabs are opened, end, fall asleep, and a connection breaks */
export function simulateTabs(seed: number, weights: readonly [number, number, number, number]) {
  const browser = new Browser(seed);
  browser.plan(weights);
  browser.run();
  const { tabs, connections, mostOpen, worstLagMs } = browser;
  return {
    faults: tabs.filter(({ alive, asleep }) => alive && asleep === null).flatMap(lacksOf),
    doubled: tabs.filter(({ taken }) => new Set(taken).size !== taken.length).length,
    ...{ mostOpen, worstLagMs, connections: connections.length, tabs: tabs.length },
  };
}
