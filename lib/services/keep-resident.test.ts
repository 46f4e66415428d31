import { describe, expect, it } from "vitest";
import type { NodeStatus } from "../core/health/node-health.ts";
import { AppError } from "../core/errors/app-error.ts";
import type { LoadedModel } from "../ports/model-node.ts";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { keepResident } from "./keep-resident.ts";

const minutes = 60_000;
const periodMs = 30 * minutes;
const never = new AbortController().signal;
const clock = createFakeClock();

const loaded = (name: string, leftMs = 600 * minutes): LoadedModel => ({
  ...{ name, digest: "d" },
  expiresAt: new Date(clock.wallTime().getTime() + leftMs),
});

interface Herd {
  readonly id: string;
  readonly loaded: readonly LoadedModel[] | null;
  readonly status?: NodeStatus["kind"];
  readonly serves?: readonly string[];
}

const statuses = {
  available: { kind: "available" },
  draining: { kind: "draining" },
  unreachable: { kind: "unreachable" },
} as const;

/** What is asked of the nodes, in order: `load a all-minilm`. */
function herdOf(nodes: readonly Herd[], fails: (asked: string) => boolean = () => false) {
  const asked: string[] = [];
  const doing =
    (what: string) =>
    async (nodeId: string, model: string): Promise<void> => {
      const one = `${what} ${nodeId} ${model}`;
      asked.push(one);
      await Promise.resolve();
      if (fails(one)) throw new AppError("node_failed", { nodeId, reason: "out of memory" });
    };
  const both = ["all-minilm:latest", "smollm2:135m"];
  const registry = {
    entries: () =>
      nodes.map(({ id, loaded: here, status = "available" }) => ({
        ...{ node: { id }, loaded: here },
        status: statuses[status as keyof typeof statuses],
      })),
    serves: (id: string) => nodes.find((node) => node.id === id)?.serves ?? both,
  };
  const keep = (mostModels = 2, signal = never) =>
    keepResident(
      {
        ...{ registry, clock, models: ["all-minilm", "smollm2:135m"] },
        loader: { load: doing("load"), keep: doing("keep") },
        mostModels: () => mostModels,
      },
      periodMs,
      signal,
    );
  return { asked, keep };
}

describe("keepResident", () => {
  it("brings both models into memory on every node that takes work, the embedder first", async () => {
    const { asked, keep } = herdOf([
      { id: "a", loaded: [] },
      { id: "b", loaded: [loaded("all-minilm:latest")] },
      { id: "drained", loaded: [], status: "draining" },
      { id: "gone", loaded: [], status: "unreachable" },
      { id: "unknown", loaded: null },
    ]);
    expect(await keep()).toEqual({ loaded: 3, kept: 0, failed: 0 });
    expect(asked).toEqual(["load a all-minilm", "load a smollm2:135m", "load b smollm2:135m"]);
  });

  it("keeps for good what would leave memory before the round after the next", async () => {
    const { asked, keep } = herdOf([
      {
        id: "a",
        loaded: [loaded("all-minilm", 59 * minutes), loaded("smollm2:135m", 5 * minutes)],
      },
      { id: "b", loaded: [loaded("all-minilm", 61 * minutes), loaded("smollm2:135m")] },
    ]);
    expect(await keep()).toEqual({ loaded: 0, kept: 2, failed: 0 });
    expect(asked).toEqual(["keep a all-minilm", "keep a smollm2:135m"]);
  });

  it("lets nothing go where there is no room: what people loaded stays", async () => {
    const { asked, keep } = herdOf([
      { id: "full", loaded: [loaded("llama3.2:3b"), loaded("qwen3:4b")] },
      { id: "half", loaded: [loaded("llama3.2:3b")] },
    ]);
    expect(await keep()).toEqual({ loaded: 1, kept: 0, failed: 0 });
    expect(asked).toEqual(["load half all-minilm"]);
  });

  it("asks a node only for models that it serves", async () => {
    const { asked, keep } = herdOf([{ id: "a", loaded: [], serves: ["smollm2:135m"] }]);
    await keep();
    expect(asked).toEqual(["load a smollm2:135m"]);
  });

  it("counts what fails and goes on with the rest", async () => {
    const { asked, keep } = herdOf(
      [
        { id: "a", loaded: [] },
        { id: "b", loaded: [] },
      ],
      (one) => one.startsWith("load a"),
    );
    expect(await keep()).toEqual({ loaded: 2, kept: 0, failed: 2 });
    expect(asked).toHaveLength(4);
  });

  it("stops when it is told to", async () => {
    const over = new AbortController();
    const { asked, keep } = herdOf([{ id: "a", loaded: [] }], () => {
      over.abort(new Error("the product stops"));
      return true;
    });
    await expect(keep(2, over.signal)).rejects.toThrow("the product stops");
    expect(asked).toEqual(["load a all-minilm"]);
  });
});
