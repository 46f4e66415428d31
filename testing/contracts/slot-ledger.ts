import { describe, expect, it } from "vitest";
import fc from "fast-check";
import type { NodeCapacity } from "#lib/core/balancing/node-view.ts";
import { milliseconds } from "#lib/core/time/milliseconds.ts";
import type { Lease, SlotLedger, Waiter } from "#lib/ports/slot-ledger.ts";
import { createFakeClock, type FakeClock } from "#testing/fakes/fake-clock.ts";

const never = new AbortController().signal;
const nodeOf = (id: string, slots = 1): NodeCapacity => ({
  id,
  slots,
  weight: 1,
  status: { kind: "available" },
  models: ["chat:1b", "embed:latest"],
});
const waiterOf = (id: string, change: Partial<Waiter> = {}): Waiter => ({
  id,
  kind: "chat",
  model: "chat:1b",
  class: "interactive",
  client: "someone",
  since: milliseconds(0),
  estimatedPromptTokens: 10,
  avoidNodeIds: [],
  ...change,
});

/** What every slot ledger guarantees; `create` gives an empty one that tells time by the clock. */
export function slotLedgerContract(
  name: string,
  create: (clock: FakeClock) => SlotLedger | Promise<SlotLedger>,
): void {
  const start = async (...nodes: readonly NodeCapacity[]) => {
    const clock = createFakeClock();
    const ledger = await create(clock);
    ledger.setNodes(nodes);
    return { clock, ledger };
  };
  /** The waiters in the order in which they were admitted. */
  const follow = (ledger: SlotLedger) => {
    const admitted: { readonly id: string; readonly lease: Lease }[] = [];
    const ask = (waiter: Waiter, signal = never) =>
      ledger.acquire(waiter, signal).then((lease) => admitted.push({ id: waiter.id, lease }));
    return { admitted, ask };
  };

  describe(`slot ledger: ${name}`, () => {
    it("spreads requests over the nodes and makes the rest wait", async () => {
      const { clock, ledger } = await start(nodeOf("a"), nodeOf("b"));
      const { admitted, ask } = follow(ledger);
      for (const id of ["1", "2", "3"]) void ask(waiterOf(id));
      await clock.advance(0);
      expect(admitted.map(({ lease }) => lease.nodeId).sort()).toEqual(["a", "b"]);
      expect(ledger.placeOf("3")).toEqual({ place: 1, waiting: 1 });
    });

    it("serves classes in order and the oldest first, also when it came back after a failure", async () => {
      const { clock, ledger } = await start(nodeOf("a"));
      const { admitted, ask } = follow(ledger);
      await ask(waiterOf("holder"));
      void ask(waiterOf("bulk", { class: "ingest" }));
      void ask(waiterOf("young", { since: milliseconds(20) }));
      void ask(waiterOf("retried", { since: milliseconds(5) }));
      for (let turn = 0; turn < 4; turn += 1) {
        ledger.release(admitted[turn]?.lease as Lease);
        await clock.advance(0);
      }
      expect(admitted.map(({ id }) => id)).toEqual(["holder", "retried", "young", "bulk"]);
    });

    it("gives an embedding model one slot a node, whatever its chat slots", async () => {
      const { clock, ledger } = await start(nodeOf("a", 4));
      const { admitted, ask } = follow(ledger);
      const embedding = { kind: "embedding", model: "embed" } as const;
      void ask(waiterOf("1", embedding));
      void ask(waiterOf("2", embedding));
      await clock.advance(0);
      expect(admitted).toHaveLength(1);
    });

    it("keeps one embedding slot free of bulk work where there are two nodes", async () => {
      const { clock, ledger } = await start(nodeOf("a"), nodeOf("b"));
      const { admitted, ask } = follow(ledger);
      const bulk = { kind: "embedding", model: "embed", class: "ingest" } as const;
      void ask(waiterOf("bulk-1", bulk));
      void ask(waiterOf("bulk-2", bulk));
      void ask(waiterOf("question", { kind: "embedding", model: "embed" }));
      await clock.advance(0);
      expect(admitted.map(({ id }) => id)).toEqual(["bulk-1", "question"]);
    });

    it("lets a waiter that aborts leave at once, and its place goes to the next", async () => {
      const { clock, ledger } = await start(nodeOf("a"));
      const { admitted, ask } = follow(ledger);
      await ask(waiterOf("holder"));
      const leaving = new AbortController();
      const left = expect(ask(waiterOf("leaver"), leaving.signal)).rejects.toThrow("gone");
      void ask(waiterOf("next", { since: milliseconds(1) }));
      leaving.abort(new Error("gone"));
      await left;
      expect(ledger.placeOf("leaver")).toBeNull();
      ledger.release(admitted[0]?.lease as Lease);
      await clock.advance(0);
      expect(admitted.map(({ id }) => id)).toEqual(["holder", "next"]);
    });

    it("keeps a booked slot taken until its time has passed, through health changes", async () => {
      const { clock, ledger } = await start(nodeOf("a"));
      const { admitted, ask } = follow(ledger);
      await ask(waiterOf("aborted"));
      ledger.release(admitted[0]?.lease as Lease, 500);
      void ask(waiterOf("next"));
      ledger.setNodes([{ ...nodeOf("a"), status: { kind: "unreachable" } }]);
      ledger.setNodes([nodeOf("a")]);
      await clock.advance(499);
      expect(ledger.inFlight("a", "chat")).toBe(1);
      expect(admitted).toHaveLength(1);
      await clock.advance(2);
      expect(admitted.map(({ id }) => id)).toEqual(["aborted", "next"]);
    });

    it("sends nothing to nodes that drain, are ejected, unreachable or lack the model", async () => {
      const { clock, ledger } = await start(
        { ...nodeOf("drained"), status: { kind: "draining" } },
        { ...nodeOf("ejected"), status: { kind: "ejected", until: milliseconds(9) } },
        { ...nodeOf("gone"), status: { kind: "unreachable" } },
        { ...nodeOf("other"), models: ["other:latest"] },
      );
      const { admitted, ask } = follow(ledger);
      void ask(waiterOf("1"));
      await clock.advance(0);
      expect(admitted).toEqual([]);
      ledger.setNodes([
        { ...nodeOf("slow"), status: { kind: "degraded", reason: "slow-version" } },
      ]);
      await clock.advance(0);
      expect(admitted[0]?.lease.nodeId).toBe("slow");
    });

    it("never has more in flight than slots, loses no waiter and admits none twice", async () => {
      const step = fc.oneof(
        fc.record({ do: fc.constant("ask" as const), bulk: fc.boolean(), chat: fc.boolean() }),
        fc.record({ do: fc.constant("release" as const), pick: fc.nat(), booked: fc.boolean() }),
        fc.record({ do: fc.constant("abort" as const), pick: fc.nat() }),
        fc.record({ do: fc.constant("flap" as const), node: fc.nat(2), up: fc.boolean() }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
          const slots = [1, 2, 3];
          const nodes = slots.map((count, index) => nodeOf(`n${String(index)}`, count));
          const up = nodes.map(() => true);
          const { clock, ledger } = await start(...nodes);
          const ends = new Map<string, number>();
          const leases: Lease[] = [];
          const leavers: AbortController[] = [];
          let asked = 0;
          const end = (id: string): void => void ends.set(id, (ends.get(id) ?? 0) + 1);
          const check = (): void => {
            nodes.forEach((node) => {
              expect(ledger.inFlight(node.id, "chat")).toBeLessThanOrEqual(node.slots);
              expect(ledger.inFlight(node.id, "embedding")).toBeLessThanOrEqual(1);
            });
          };
          const applyNodes = (): void => {
            ledger.setNodes(
              nodes.map((node, index) =>
                up[index] === true ? node : { ...node, status: { kind: "unreachable" } },
              ),
            );
          };
          for (const each of steps) {
            if (each.do === "ask") {
              const id = String(asked++);
              const leaver = new AbortController();
              leavers.push(leaver);
              const kind = each.chat ? "chat" : "embedding";
              const model = each.chat ? "chat:1b" : "embed";
              const workClass = each.bulk ? "ingest" : "interactive";
              const waiter = waiterOf(id, { kind, model, class: workClass, since: clock.now() });
              ledger.acquire(waiter, leaver.signal).then(
                (lease) => {
                  leases.push(lease);
                  end(id);
                },
                () => {
                  end(id);
                },
              );
            } else if (each.do === "release") {
              const [lease] = leases.splice(each.pick % Math.max(leases.length, 1), 1);
              if (lease !== undefined) ledger.release(lease, each.booked ? 50 : 0);
            } else if (each.do === "abort")
              leavers[each.pick % Math.max(leavers.length, 1)]?.abort();
            else {
              up[each.node] = each.up;
              applyNodes();
            }
            await clock.advance(10);
            check();
          }
          up.fill(true);
          applyNodes();
          for (let round = 0; round <= asked && ends.size < asked; round += 1) {
            for (const lease of leases.splice(0)) ledger.release(lease);
            await clock.advance(60);
            check();
          }
          expect([...ends.values()].every((count) => count === 1)).toBe(true);
          expect(ends.size).toBe(asked);
        }),
        { numRuns: 60 },
      );
    });
  });
}
