import { describe, expect, it, vi } from "vitest";
import type { InstalledModel } from "./installed-models.ts";
import type { ModelRunner } from "./loaded-entries.ts";
import { createModelScheduler } from "./model-scheduler.ts";
import type { ModelScheduler, SchedulerOptions } from "./model-scheduler.ts";

const never = new AbortController().signal;

const modelOf = (name: string): InstalledModel => ({
  name,
  path: "",
  digest: "",
  weights: "",
  bytes: 0,
  modifiedMs: 0,
  details: {
    family: "llama",
    parameterCount: 0,
    quantization: "",
    contextLength: 8192,
    embeddingLength: 0,
    chatTemplate: undefined,
    endOfText: "",
    purpose: "completion",
    info: {},
    tensors: [],
  },
  template: undefined,
  system: undefined,
  parameters: {},
  license: [],
  parent: "",
  capabilities: ["completion"],
});

const [a, b, c] = [modelOf("a"), modelOf("b"), modelOf("c")];

interface Bench {
  readonly scheduler: ModelScheduler;
  /** What happened, in order: `load a 4096`, `free a`. */
  readonly events: string[];
  /** Loads wait until they are let go, one by one. */
  readonly finishLoad: () => void;
}

const createBench = (
  options: Partial<SchedulerOptions> & { readonly slow?: boolean } = {},
): Bench => {
  const events: string[] = [];
  const held: (() => void)[] = [];
  const load = async (model: InstalledModel, numCtx: number): Promise<ModelRunner> => {
    events.push(`load ${model.name} ${String(numCtx)}`);
    if (options.slow === true) await new Promise<void>((resolve) => held.push(resolve));
    const dispose = (): Promise<void> => {
      events.push(`free ${model.name}`);
      return Promise.resolve();
    };
    return { kind: "embedding", numCtx, memoryBytes: 0, dispose, prepare: vi.fn(), embed: vi.fn() };
  };
  const defaults = {
    load,
    defaultNumCtx: 4096,
    defaultKeepAliveMs: 300_000,
    mostLoaded: 2,
    mostQueued: 8,
  };
  return {
    scheduler: createModelScheduler({ ...defaults, ...options }),
    events,
    finishLoad: () => held.shift()?.(),
  };
};

const plain = { numCtx: undefined, keepAliveMs: undefined };
const namesOf = (scheduler: ModelScheduler): string[] =>
  scheduler
    .loaded()
    .map(({ model }) => model.name)
    .toSorted();

describe("createModelScheduler", () => {
  it("loads once for many askers and shares the loaded model", async () => {
    const { scheduler, events } = createBench();
    const leases = await Promise.all([1, 2, 3].map(() => scheduler.acquire(a, plain, never)));
    expect(new Set(leases.map(({ runner }) => runner)).size).toBe(1);
    expect(events).toEqual(["load a 4096"]);
  });

  it("loads one model at a time", async () => {
    const { scheduler, events, finishLoad } = createBench({ slow: true });
    const first = scheduler.acquire(a, plain, never);
    const second = scheduler.acquire(b, plain, never);
    await vi.waitFor(() => {
      expect(events).toEqual(["load a 4096"]);
    });
    finishLoad();
    await first;
    await vi.waitFor(() => {
      expect(events).toEqual(["load a 4096", "load b 4096"]);
    });
    finishLoad();
    await second;
    expect(namesOf(scheduler)).toEqual(["a", "b"]);
  });

  it("lets a waiter leave at once while the load goes on for the next one", async () => {
    const { scheduler, events, finishLoad } = createBench({ slow: true });
    const controller = new AbortController();
    const leaving = scheduler.acquire(a, plain, controller.signal);
    await vi.waitFor(() => {
      expect(events).toHaveLength(1);
    });
    controller.abort(new Error("gone"));
    await expect(leaving).rejects.toThrow("gone");
    const staying = scheduler.acquire(a, plain, never);
    finishLoad();
    await staying;
    expect(events).toEqual(["load a 4096"]);
  });

  it("reloads for another window only when the running request is done", async () => {
    const { scheduler, events } = createBench();
    const running = await scheduler.acquire(a, plain, never);
    const other = scheduler.acquire(a, { ...plain, numCtx: 2048 }, never);
    const matching = await scheduler.acquire(a, plain, never);
    expect(events).toEqual(["load a 4096"]);
    running.release();
    matching.release();
    await other;
    expect(events).toEqual(["load a 4096", "free a", "load a 2048"]);
  });

  it("never asks for a larger window than the model was trained for", async () => {
    const { scheduler, events } = createBench();
    await scheduler.acquire(a, { ...plain, numCtx: 100_000 }, never);
    expect(events).toEqual(["load a 8192"]);
  });

  it("makes room by the model that stays shortest, an idle one first", async () => {
    const { scheduler, events } = createBench();
    await scheduler.acquire(a, { ...plain, keepAliveMs: 1000 }, never); // in use
    (await scheduler.acquire(b, { ...plain, keepAliveMs: 60_000 }, never)).release();
    await scheduler.acquire(c, plain, never);
    expect(events).toEqual(["load a 4096", "load b 4096", "free b", "load c 4096"]);
  });

  it("unloads when keep_alive has passed since the last use, and not during one", async () => {
    vi.useFakeTimers();
    try {
      const { scheduler, events } = createBench();
      const lease = await scheduler.acquire(a, { ...plain, keepAliveMs: 1000 }, never);
      await vi.advanceTimersByTimeAsync(5000);
      expect(namesOf(scheduler)).toEqual(["a"]);
      lease.release();
      lease.release(); // a second release of the same lease counts nothing
      await vi.advanceTimersByTimeAsync(999);
      expect(namesOf(scheduler)).toEqual(["a"]);
      await vi.advanceTimersByTimeAsync(1);
      expect(events.at(-1)).toBe("free a");
    } finally {
      vi.useRealTimers();
    }
  });

  it("unloads a busy model only after its last request", async () => {
    const { scheduler, events } = createBench();
    const lease = await scheduler.acquire(a, plain, never);
    scheduler.unload("a");
    expect(events).toEqual(["load a 4096"]);
    lease.release();
    expect(events).toEqual(["load a 4096", "free a"]);
    scheduler.unload("a");
    expect(namesOf(scheduler)).toEqual([]);
  });

  it("answers 503 when more wait for a load than may", async () => {
    const { scheduler, finishLoad } = createBench({ slow: true, mostQueued: 1 });
    const first = scheduler.acquire(a, plain, never);
    const second = scheduler.acquire(a, plain, never);
    await expect(scheduler.acquire(a, plain, never)).rejects.toMatchObject({ status: 503 });
    finishLoad();
    await Promise.all([first, second]);
  });

  it("answers 500 for a failed load and tries again for the next request", async () => {
    const load = vi.fn<SchedulerOptions["load"]>().mockRejectedValueOnce(new Error("not a model"));
    const { scheduler } = createBench({ load });
    await expect(scheduler.acquire(a, plain, never)).rejects.toMatchObject({
      status: 500,
      message: "model failed to load: not a model",
    });
    load.mockResolvedValueOnce({
      kind: "embedding",
      numCtx: 4096,
      memoryBytes: 0,
      dispose: vi.fn(),
      prepare: vi.fn(),
      embed: vi.fn(),
    });
    await scheduler.acquire(a, plain, never);
    expect(namesOf(scheduler)).toEqual(["a"]);
  });
});
