import { describe, expect, it } from "vitest";
import fc from "fast-check";
import type { NodeCapacity } from "#lib/core/balancing/node-view.ts";
import { milliseconds } from "#lib/core/time/milliseconds.ts";
import type { Lease, SlotLedger, Waiter } from "#lib/ports/slot-ledger.ts";
import { createFakeClock, type FakeClock } from "#testing/fakes/fake-clock.ts";
import { nodeOf, waiterOf } from "./nodes-and-waiters.ts";
import { createWorld, step } from "./slot-ledger-world.ts";

const never = new AbortController().signal;
const embedding = { kind: "embedding", model: "embed" } as const;

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
    const release = (index: number, bookedMs = 0): void => {
      const entry = admitted[index];
      if (entry === undefined) throw new Error(`only ${String(admitted.length)} were admitted`);
      ledger.release(entry.lease, { bookedMs });
    };
    return { admitted, ask, release };
  };

  describe(`slot ledger: ${name}`, () => {
    it("spreads requests over the nodes and makes the rest wait", async () => {
      const { clock, ledger } = await start(nodeOf("a"), nodeOf("b"));
      const { admitted, ask } = follow(ledger);
      for (const id of ["1", "2", "3"]) void ask(waiterOf(id));
      await clock.advance(0);
      expect(admitted.map(({ lease }) => lease.nodeId).sort()).toEqual(["a", "b"]);
      expect(ledger.placeOf("3")).toMatchObject({ place: 1, waiting: 1 });
    });

    it("serves classes in order and the oldest first, also when it came back after a failure", async () => {
      const { clock, ledger } = await start(nodeOf("a"));
      const { admitted, ask, release } = follow(ledger);
      await ask(waiterOf("holder"));
      void ask(waiterOf("bulk", { class: "ingest" }));
      void ask(waiterOf("young", { since: milliseconds(20) }));
      void ask(waiterOf("retried", { since: milliseconds(5) }));
      for (let turn = 0; turn < 4; turn += 1) {
        release(turn);
        await clock.advance(0);
      }
      expect(admitted.map(({ id }) => id)).toEqual(["holder", "retried", "young", "bulk"]);
    });

    it("gives an embedding model one slot a node, whatever its chat slots", async () => {
      const { clock, ledger } = await start(nodeOf("a", 4));
      const { admitted, ask } = follow(ledger);
      void ask(waiterOf("1", embedding));
      void ask(waiterOf("2", embedding));
      await clock.advance(0);
      expect(admitted).toHaveLength(1);
    });

    it("gives bulk embedding every free node, and the next slot to a question before more of it", async () => {
      const { clock, ledger } = await start(nodeOf("a"), nodeOf("b"));
      const { admitted, ask, release } = follow(ledger);
      const bulk = { kind: "embedding", model: "embed", class: "ingest" } as const;
      for (const id of ["bulk-1", "bulk-2", "bulk-3"]) void ask(waiterOf(id, bulk));
      void ask(waiterOf("question", { kind: "embedding", model: "embed" }));
      await clock.advance(0);
      release(0);
      await clock.advance(0);
      expect(admitted.map(({ id }) => id)).toEqual(["bulk-1", "bulk-2", "question"]);
    });

    it("lets a waiter that aborts leave at once, and its place goes to the next", async () => {
      const { clock, ledger } = await start(nodeOf("a"));
      const { admitted, ask, release } = follow(ledger);
      await ask(waiterOf("holder"));
      const leaving = new AbortController();
      const left = expect(ask(waiterOf("leaver"), leaving.signal)).rejects.toThrow("gone");
      void ask(waiterOf("next", { since: milliseconds(1) }));
      leaving.abort(new Error("gone"));
      await left;
      expect(ledger.placeOf("leaver")).toBeNull();
      release(0);
      await clock.advance(0);
      expect(admitted.map(({ id }) => id)).toEqual(["holder", "next"]);
    });

    it("asks bulk work that has not begun for its slot when a person waits, once, and never afterwards", async () => {
      const { clock, ledger } = await start(nodeOf("a"), nodeOf("b"));
      const { admitted, ask } = follow(ledger);
      const bulk = { class: "ingest", promptTokens: 10_000 } as const;
      await ask(waiterOf("bulk", bulk));
      await ask(waiterOf("person-1"));
      const [early] = admitted;
      expect(early?.lease.yields.aborted).toBe(false);
      void ask(waiterOf("person-2"));
      await clock.advance(0);
      expect(early?.lease.yields.aborted).toBe(true);
      if (early !== undefined) ledger.release(early.lease, { bookedMs: 100 });
      await clock.advance(101);
      expect(admitted.map(({ id }) => id)).toEqual(["bulk", "person-1", "person-2"]);
    });

    it("lets bulk work keep its slot once its first item has come", async () => {
      const { clock, ledger } = await start(nodeOf("a"));
      const { admitted, ask } = follow(ledger);
      await ask(waiterOf("bulk", { class: "ingest", promptTokens: 10_000 }));
      const [held] = admitted;
      if (held !== undefined) ledger.begun(held.lease);
      void ask(waiterOf("person"));
      await clock.advance(5000);
      expect(held?.lease.yields.aborted).toBe(false);
      expect(ledger.placeOf("person")?.place).toBe(1);
    });

    it("keeps a quarter of the chat slots open for people, and half of them closed to bulk work", async () => {
      const { clock, ledger } = await start(nodeOf("a", 2), nodeOf("b", 2));
      const { admitted, ask } = follow(ledger);
      for (const id of ["i1", "i2", "i3"]) void ask(waiterOf(id, { class: "ingest" }));
      await clock.advance(0);
      expect(admitted.map(({ id }) => id)).toEqual(["i1", "i2"]);
      for (const id of ["a1", "a2"]) void ask(waiterOf(id, { class: "agent-high" }));
      await clock.advance(0);
      expect(admitted.map(({ id }) => id)).toEqual(["i1", "i2", "a1"]);
      await ask(waiterOf("person"));
      expect(admitted.at(-1)?.id).toBe("person");
    });

    it("tells place and predicted wait, and lists everyone who waits", async () => {
      const { clock, ledger } = await start(nodeOf("a"));
      const { ask } = follow(ledger);
      const oneSecond = { promptTokens: 100, outputTokens: 10 };
      await ask(waiterOf("holder", oneSecond));
      void ask(waiterOf("first", { ...oneSecond, since: milliseconds(1) }));
      void ask(waiterOf("second", { ...oneSecond, since: milliseconds(2) }));
      await clock.advance(0);
      expect(ledger.placeOf("first")).toEqual({ place: 1, waiting: 2, expectedMs: 1000 });
      expect(ledger.placeOf("second")).toEqual({ place: 2, waiting: 2, expectedMs: 2000 });
      expect(ledger.tailMs("chat", "interactive")).toBe(3000);
      expect(ledger.waiting().map(({ id }) => id)).toEqual(["first", "second"]);
      ledger.setNodes([{ ...nodeOf("a"), status: { kind: "unreachable" } }]);
      expect(ledger.placeOf("first")?.expectedMs).toBeNull();
      expect(ledger.tailMs("chat", "interactive")).toBeNull();
    });

    it("counts those on their way also while nobody waits or runs: by the last ones, or a guess before the first", async () => {
      const { clock, ledger } = await start(nodeOf("a", 2));
      expect(ledger.tailMs("chat", "interactive")).toBe(0);
      expect(ledger.tailMs("chat", "interactive", 4)).toBe(10_000);
      const { ask, release } = follow(ledger);
      await ask(waiterOf("earlier", { promptTokens: 100, outputTokens: 10 }));
      release(0);
      await clock.advance(60_000);
      expect(ledger.tailMs("chat", "interactive")).toBe(0);
      expect(ledger.tailMs("chat", "interactive", 4)).toBe(2000);
    });

    it("keeps a booked slot taken until its time has passed, through health changes", async () => {
      const { clock, ledger } = await start(nodeOf("a"));
      const { admitted, ask, release } = follow(ledger);
      await ask(waiterOf("aborted"));
      release(0, 500);
      void ask(waiterOf("next"));
      ledger.setNodes([{ ...nodeOf("a"), status: { kind: "unreachable" } }]);
      ledger.setNodes([nodeOf("a")]);
      await clock.advance(499);
      expect(ledger.inFlight("a", "chat")).toBe(1);
      expect(admitted).toHaveLength(1);
      await clock.advance(2);
      expect(admitted.map(({ id }) => id)).toEqual(["aborted", "next"]);
    });

    it("goes back to a node that failed the request only when no other serves", async () => {
      const { clock, ledger } = await start(nodeOf("failed"), nodeOf("other"));
      const { admitted, ask, release } = follow(ledger);
      await ask(waiterOf("holder", { avoidNodeIds: ["failed"] }));
      const retried = waiterOf("retried", { avoidNodeIds: ["failed"] });
      void ask(retried);
      await clock.advance(0);
      expect(admitted.map(({ lease }) => lease.nodeId)).toEqual(["other"]);
      ledger.setNodes([nodeOf("failed"), { ...nodeOf("other"), status: { kind: "unreachable" } }]);
      await clock.advance(0);
      expect(admitted.map(({ lease }) => lease.nodeId)).toEqual(["other", "failed"]);
      release(0);
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
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
          const clock = createFakeClock();
          const world = createWorld(clock, await create(clock));
          for (const each of steps) {
            world.take(each);
            await clock.advance(10);
            world.check();
          }
          await world.finish();
          expect(world.endsOf()).toEqual(world.asked().map(() => 1));
        }),
        { numRuns: 60 },
      );
    });
  });
}
