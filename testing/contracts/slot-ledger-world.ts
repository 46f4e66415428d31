import { expect } from "vitest";
import fc from "fast-check";
import type { Lease, SlotLedger } from "#lib/ports/slot-ledger.ts";
import type { FakeClock } from "#testing/fakes/fake-clock.ts";
import { nodeOf, waiterOf } from "./nodes-and-waiters.ts";

const embedding = { kind: "embedding", model: "embed" } as const;

/** What may happen to a ledger. */
export const step = fc.oneof(
  fc.record({ do: fc.constant("ask" as const), bulk: fc.boolean(), chat: fc.boolean() }),
  fc.record({ do: fc.constant("release" as const), pick: fc.nat(), booked: fc.boolean() }),
  fc.record({ do: fc.constant("abort" as const), pick: fc.nat() }),
  fc.record({ do: fc.constant("flap" as const), node: fc.nat(2), up: fc.boolean() }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Three nodes that come and go, and callers who ask, leave and give back at random. */
export function createWorld(clock: FakeClock, ledger: SlotLedger) {
  const nodes = [1, 2, 3].map((slots) => nodeOf(`n${String(slots)}`, slots));
  const up = nodes.map(() => true);
  const ends = new Map<string, number>();
  const leases: Lease[] = [];
  const leavers: AbortController[] = [];

  const applyNodes = (): void => {
    const away = { kind: "unreachable" } as const;
    ledger.setNodes(nodes.map((node, at) => (up[at] === true ? node : { ...node, status: away })));
  };
  const ask = (chat: boolean, bulk: boolean): void => {
    const id = String(leavers.length);
    const leaver = new AbortController();
    leavers.push(leaver);
    const model = chat ? ({ kind: "chat", model: "chat:1b" } as const) : embedding;
    const waiter = {
      ...model,
      class: bulk ? "ingest" : "interactive",
      since: clock.now(),
    } as const;
    const end = (): void => void ends.set(id, (ends.get(id) ?? 0) + 1);
    ledger.acquire(waiterOf(id, waiter), leaver.signal).then((lease) => {
      leases.push(lease);
      end();
    }, end);
  };
  const check = (): void => {
    for (const node of nodes) {
      expect(ledger.inFlight(node.id, "chat")).toBeLessThanOrEqual(node.slots);
      expect(ledger.inFlight(node.id, "embedding")).toBeLessThanOrEqual(1);
    }
  };
  applyNodes();

  return {
    check,
    asked: () => leavers.map((_, index) => String(index)),
    endsOf: () => leavers.map((_, index) => ends.get(String(index)) ?? 0),
    take(each: Step): void {
      switch (each.do) {
        case "ask":
          ask(each.chat, each.bulk);
          return;
        case "release": {
          const [lease] = leases.splice(each.pick % Math.max(leases.length, 1), 1);
          if (lease !== undefined) ledger.release(lease, { bookedMs: each.booked ? 50 : 0 });
          return;
        }
        case "abort":
          leavers[each.pick % Math.max(leavers.length, 1)]?.abort();
          return;
        case "flap":
          up[each.node] = each.up;
          applyNodes();
          return;
        default:
          each satisfies never;
      }
    },
    /** All nodes back, everything given back until nobody waits. */
    async finish(): Promise<void> {
      up.fill(true);
      applyNodes();
      for (let round = 0; round <= leavers.length && ends.size < leavers.length; round += 1) {
        for (const lease of leases.splice(0)) ledger.release(lease);
        await clock.advance(60);
        check();
      }
    },
  };
}
