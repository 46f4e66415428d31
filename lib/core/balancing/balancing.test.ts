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
  ...{ predictedMs: 1000, lastGrant: 0, recentGrants: 0, peakMs: 0, errorShare: 0 },
});
const seen = (id: string, figures: Partial<Candidate>): Candidate => ({
  ...candidate(id, 0),
  ...figures,
});

describe.each(Object.entries(policies))("balancing policy %s", (_name, { choose }) => {
  it("chooses one of the candidates, and none of none", () => {
    expect(choose([], 0.5)).toBeUndefined();
    fc.assert(
      fc.property(
        fc.array(fc.nat(5), { minLength: 1, maxLength: 8 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (loads, draw) => {
          const candidates = loads.map((inFlight, index) => candidate(String(index), inFlight));
          expect(candidates).toContain(choose(candidates, draw));
        },
      ),
    );
  });
});

describe("balancing policies", () => {
  const chosen = (
    name: keyof typeof policies,
    candidates: readonly Candidate[],
    draw = 0,
  ): string | undefined => policies[name].choose(candidates, draw)?.node.id;

  it("least-requests: the fewest for slots and weight, of equals the one chosen longest ago", () => {
    expect(chosen("least-requests", [candidate("a", 1), candidate("b", 0)])).toBe("b");
    const wide = candidate("b", 1, { slots: 4 });
    expect(chosen("least-requests", [candidate("a", 1, { slots: 2 }), wide])).toBe("b");
    expect(chosen("least-requests", [candidate("a", 1), candidate("b", 1, { weight: 3 })])).toBe(
      "b",
    );
    expect(
      chosen("least-requests", [seen("a", { lastGrant: 7 }), seen("b", { lastGrant: 3 })]),
    ).toBe("b");
  });

  it("round-robin: the one chosen longest ago, however busy", () => {
    const busy = { ...candidate("b", 1), lastGrant: 1 };
    expect(chosen("round-robin", [seen("a", { lastGrant: 2 }), busy])).toBe("b");
  });

  it("weighted-round-robin: serves nodes in proportion to their weights", () => {
    const nodes = [candidate("a", 0, { weight: 3 }), candidate("b", 0, { weight: 1 })];
    const grants = [0, 0];
    for (let turn = 0; turn < 40; turn += 1) {
      const now = nodes.map((one, index) => ({ ...one, recentGrants: grants[index] ?? 0 }));
      const index = chosen("weighted-round-robin", now) === "a" ? 0 : 1;
      grants[index] = (grants[index] ?? 0) + 1;
    }
    expect(grants).toEqual([30, 10]);
  });

  it("random: the same draw gives the same node, and every node is reached", () => {
    const nodes = [candidate("a", 0), candidate("b", 1)];
    expect([0, 0.49, 0.5, 0.99].map((draw) => chosen("random", nodes, draw))).toEqual([
      ...["a", "a", "b", "b"],
    ]);
  });

  it("peak-ewma: the quickest first answers, and a node without a measurement before all", () => {
    const measured = [seen("a", { peakMs: 900 }), seen("b", { peakMs: 300 })];
    expect(chosen("peak-ewma", measured)).toBe("b");
    expect(chosen("peak-ewma", [...measured, seen("c", {})])).toBe("c");
  });

  it("composite-score: weighs failures against load and time", () => {
    const failing = seen("a", { errorShare: 1, peakMs: 100 });
    expect(chosen("composite-score", [failing, seen("b", { peakMs: 120 })])).toBe("b");
    expect(
      chosen("composite-score", [seen("a", { peakMs: 100 }), seen("b", { peakMs: 900 })]),
    ).toBe("a");
  });

  it("predicted-time: the soonest done, and of nearly equal ones the less busy", () => {
    const quick = seen("b", { predictedMs: 500 });
    expect(chosen("predicted-time", [candidate("a", 0), quick])).toBe("b");
    const busy = { ...candidate("a", 1), predictedMs: 950 };
    expect(chosen("predicted-time", [busy, candidate("b", 0)])).toBe("b");
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
    const first = measuredRates({}, call);
    expect(first).toEqual({ prefillPerSecond: 400, decodePerSecond: 50 });
    const second = measuredRates(first, { ...call, prefillMs: 2000 });
    expect(second.prefillPerSecond).toBeCloseTo(340);
  });

  it("learns nothing from cached prompts and tiny calls", () => {
    const cached = { ...call, cachedPromptTokens: 395, completionTokens: 3 };
    expect(measuredRates({}, cached)).toEqual({});
    const warm = measuredRates({}, { ...call, cachedPromptTokens: 395 });
    expect(warm).toEqual({ decodePerSecond: 50 });
    // The first prompt that tells its speed is believed at once: an assumption is no measurement to blend it with.
    expect(measuredRates(warm, call).prefillPerSecond).toBe(400);
  });

  it("expects a node to work on an abandoned prompt to the end of its batch, never beyond the prompt", () => {
    expect(prefillTime(200, assumedRates)).toBe(1000);
    expect(busyAfterAbort(1000, 0, assumedRates)).toBe(640);
    expect(busyAfterAbort(1000, 1000, assumedRates)).toBe(280);
    expect(busyAfterAbort(20, 60, assumedRates)).toBe(40);
    expect(busyAfterAbort(1000, 6000, assumedRates)).toBe(milliseconds(0));
  });
});
