import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { milliseconds } from "../time/milliseconds.ts";
import { embeddingGroup } from "./embedding-space.ts";
import { sameModel, slotsOf, type Candidate, type NodeCapacity } from "./node-view.ts";
import { policies } from "./policies.ts";
import { assumedRates, busyAfterAbort, measuredRates, prefillTime } from "./rates.ts";

const node = (id: string, change: Partial<NodeCapacity> = {}): NodeCapacity => ({
  id,
  status: { kind: "available" },
  slots: 2,
  weight: 1,
  models: [],
  resident: [],
  rates: {},
  loadMs: {},
  penaltyMs: milliseconds(0),
  ...change,
});
const candidate = (
  id: string,
  inFlight: number,
  change: Partial<NodeCapacity> = {},
): Candidate => ({
  node: node(id, change),
  inFlight,
  slots: change.slots ?? 2,
});

describe.each(Object.entries(policies))("balancing policy %s", (_name, policy) => {
  it("chooses one of the candidates, and none of none", () => {
    expect(policy([])).toBeUndefined();
    fc.assert(
      fc.property(fc.array(fc.nat(5), { minLength: 1, maxLength: 8 }), (loads) => {
        const candidates = loads.map((inFlight, index) => candidate(String(index), inFlight));
        expect(candidates).toContain(policy(candidates));
      }),
    );
  });
});

describe("least-requests", () => {
  const chosen = (...candidates: readonly Candidate[]): string | undefined =>
    policies["least-requests"](candidates)?.node.id;

  it("chooses the fewest requests for slots and weight, the first of equals", () => {
    expect(chosen(candidate("a", 1), candidate("b", 0), candidate("c", 0))).toBe("b");
    expect(chosen(candidate("a", 1, { slots: 2 }), candidate("b", 1, { slots: 4 }))).toBe("b");
    expect(chosen(candidate("a", 1), candidate("b", 1, { weight: 3 }))).toBe("b");
  });

  it("takes a degraded node only when there is no other", () => {
    const degraded = candidate("a", 0, { status: { kind: "degraded", reason: "slow-models" } });
    expect(chosen(degraded, candidate("b", 1))).toBe("b");
    expect(chosen(degraded)).toBe("a");
  });
});

describe("node view", () => {
  it("compares model names as Ollama does", () => {
    expect(sameModel("all-minilm", "All-MiniLM:latest")).toBe(true);
    expect(sameModel("smollm2:135m", "smollm2")).toBe(false);
    expect(sameModel("host:5000/library/x", "host:5000/library/x:latest")).toBe(true);
  });

  it("gives embedding models one slot", () => {
    expect(slotsOf(node("a", { slots: 4 }), "embedding")).toBe(1);
    expect(slotsOf(node("a", { slots: 4 }), "chat")).toBe(4);
  });
});

describe("embeddingGroup", () => {
  const models = (id: string, digest: string, version = "1") => ({
    id,
    version,
    installed: [{ name: "embed:latest", digest }],
  });

  it("keeps nodes apart that compute vectors differently and chooses the larger group", () => {
    const nodes = [models("a", "x"), models("b", "y"), models("c", "y"), models("d", "y", "2")];
    expect(embeddingGroup(nodes, "embed")).toEqual({
      digest: "y",
      engine: "ollama 1",
      nodeIds: ["b", "c"],
    });
  });

  it("chooses the first when groups are even, and nothing when nobody has the model", () => {
    expect(embeddingGroup([models("a", "x"), models("b", "y")], "embed")?.nodeIds).toEqual(["a"]);
    expect(embeddingGroup([models("a", "x")], "other")).toBeNull();
  });
});

describe("rates", () => {
  const call = {
    promptTokens: 400,
    cachedPromptTokens: 0,
    completionTokens: 100,
    prefillMs: 1000,
    decodeMs: 2000,
  };

  it("takes the first measurement as it is and blends later ones", () => {
    const first = measuredRates(undefined, call);
    expect(first).toEqual({ prefillPerSecond: 400, decodePerSecond: 50 });
    const second = measuredRates(first, { ...call, prefillMs: 2000 });
    expect(second.prefillPerSecond).toBeCloseTo(340);
  });

  it("learns nothing from cached prompts and tiny calls", () => {
    const cached = { ...call, cachedPromptTokens: 395, completionTokens: 3 };
    expect(measuredRates(undefined, cached)).toEqual(assumedRates);
  });

  it("expects a node to work on an abandoned prompt to the end of its batch, never beyond the prompt", () => {
    expect(prefillTime(200, assumedRates)).toBe(1000);
    expect(busyAfterAbort(1000, 0, assumedRates)).toBe(640);
    expect(busyAfterAbort(1000, 1000, assumedRates)).toBe(280);
    expect(busyAfterAbort(20, 60, assumedRates)).toBe(40);
    expect(busyAfterAbort(1000, 6000, assumedRates)).toBe(milliseconds(0));
  });
});
