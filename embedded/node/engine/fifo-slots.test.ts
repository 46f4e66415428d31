import { describe, expect, it } from "vitest";
import { createFifoSlots } from "./fifo-slots.ts";

const never = new AbortController().signal;

describe("createFifoSlots", () => {
  it("serves in the order of asking", async () => {
    const slots = createFifoSlots(["a"]);
    const order: number[] = [];
    const first = await slots.take(never);
    const others = [1, 2, 3].map(async (index) => {
      const slot = await slots.take(never);
      order.push(index);
      slots.giveBack(slot);
    });
    slots.giveBack(first);
    await Promise.all(others);
    expect(order).toEqual([1, 2, 3]);
  });

  it("lets a waiter leave at once, with the caller's reason, and passes over it", async () => {
    const slots = createFifoSlots(["a"]);
    const held = await slots.take(never);
    const controller = new AbortController();
    const leaving = slots.take(controller.signal);
    const staying = slots.take(never);
    controller.abort(new Error("gone"));
    await expect(leaving).rejects.toThrow("gone");
    slots.giveBack(held);
    expect(await staying).toBe("a");
  });

  it("gives nothing to one who has left already", async () => {
    const slots = createFifoSlots(["a"]);
    await expect(slots.take(AbortSignal.abort(new Error("gone")))).rejects.toThrow("gone");
    expect(await slots.take(never)).toBe("a");
  });

  it("lets the asker choose among the free ones", async () => {
    const slots = createFifoSlots(["a", "b", "c"]);
    expect(await slots.take(never, (free) => free.at(-1))).toBe("c");
    expect(await slots.take(never)).toBe("a");
  });

  it("closes only when everything was given back", async () => {
    const slots = createFifoSlots(["a", "b"]);
    const held = await slots.take(never);
    let closed = false;
    const closing = slots.close().then(() => {
      closed = true;
    });
    await Promise.resolve();
    expect(closed).toBe(false);
    slots.giveBack(held);
    await closing;
    expect(closed).toBe(true);
  });
});
