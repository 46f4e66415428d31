import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  placementRules,
  planPlacement,
  type ModelDemand,
  type PlacementNode,
  type ResidentModel,
} from "./placement.ts";

const rules = { ...placementRules, pinned: ["embed:latest", "chat:1b"] };
const installed = ["embed:latest", "chat:1b", "other:1b"];
const held = (name: string, change: Partial<ResidentModel> = {}): ResidentModel => ({
  name,
  inFlight: 0,
  idleMs: 0,
  ...change,
});
const node = (
  id: string,
  resident: readonly ResidentModel[],
  change: Partial<PlacementNode> = {},
): PlacementNode => ({
  id,
  resident,
  installed,
  mostModels: 2,
  isLoading: false,
  mayExchange: true,
  loadMs: () => 5000,
  ...change,
});
const asks = (model: string, change: Partial<ModelDemand>): ModelDemand => ({
  model,
  perSecond: 0,
  waiting: 0,
  serviceMs: 8000,
  ...change,
});

describe("planPlacement", () => {
  it("fills an empty node with the pinned models, one at a time, and begins nothing where a load runs", () => {
    expect(planPlacement([node("a", [])], [], rules)).toEqual([
      { nodeId: "a", unload: null, load: "embed:latest" },
    ]);
    expect(planPlacement([node("a", [held("embed:latest")])], [], rules)).toEqual([
      { nodeId: "a", unload: null, load: "chat:1b" },
    ]);
    expect(planPlacement([node("a", [], { isLoading: true })], [], rules)).toEqual([]);
  });

  it("leaves a settled cluster alone", () => {
    const settled = ["a", "b"].map((id) => node(id, [held("embed"), held("chat:1b")]));
    expect(planPlacement(settled, [asks("chat:1b", { perSecond: 0.2 })], rules)).toEqual([]);
  });

  it("brings in a model that people wait for in vain, where its place is missed least", () => {
    const nodes = [
      node("a", [held("embed:latest"), held("chat:1b", { inFlight: 1 })]),
      node("b", [held("embed:latest"), held("chat:1b")]),
    ];
    const demand = [asks("other:1b", { waiting: 3 }), asks("chat:1b", { perSecond: 0.01 })];
    const moves = planPlacement(nodes, demand, rules);
    expect(moves.map(({ load }) => load)).toContain("other:1b");
    expect(moves.every(({ unload }) => unload !== null)).toBe(true);
    const resting = nodes.map((one) => ({ ...one, mayExchange: false }));
    expect(planPlacement(resting, demand, rules)).toEqual([]);
  });

  it("does not move for a saving of less than three times the cost", () => {
    const nodes = [
      node("a", [held("embed:latest"), held("chat:1b")]),
      node("b", [held("embed:latest"), held("other:1b")]),
    ];
    const calm = [asks("chat:1b", { perSecond: 0.01 }), asks("other:1b", { perSecond: 0.012 })];
    expect(planPlacement(nodes, calm, rules)).toEqual([]);
    const rush = [asks("chat:1b", { perSecond: 0.001 }), asks("other:1b", { waiting: 20 })];
    expect(planPlacement(nodes, rush, { ...rules, pinned: [] })).toContainEqual(
      expect.objectContaining({ nodeId: "a", load: "other:1b" }),
    );
  });

  it("unloads the least recently used model when a node holds too many", () => {
    const crowded = node("a", [
      held("embed:latest"),
      held("other:1b", { idleMs: 100 }),
      held("third:1b", { idleMs: 9000 }),
    ]);
    expect(planPlacement([crowded], [], rules)).toEqual([
      { nodeId: "a", unload: "third:1b", load: null },
    ]);
  });

  it("keeps the last copy while another one is only about to be loaded", () => {
    const empty = { ...node("a", []), installed: ["other:1b"], mostModels: 1 };
    const crowded = { ...node("b", [held("other:1b"), held("embed:latest")]), mostModels: 1 };
    const wanted = [{ model: "other:1b", perSecond: 0, waiting: 1, serviceMs: 5 }];
    const unloads = planPlacement([empty, crowded], wanted, rules).map(({ unload }) => unload);
    expect(unloads).not.toContain("other:1b");
  });

  const resident = fc.record({
    name: fc.constantFrom("embed:latest", "chat:1b", "other:1b"),
    inFlight: fc.nat(2),
    idleMs: fc.nat(100_000),
  });
  const nodes = fc.uniqueArray(
    fc.record({
      id: fc.string(),
      mostModels: fc.integer({ min: 1, max: 3 }),
      installed: fc.subarray(installed),
      resident: fc.uniqueArray(resident, { selector: ({ name }) => name, maxLength: 3 }),
      isLoading: fc.boolean(),
      mayExchange: fc.boolean(),
      loadMs: fc.integer({ min: 1, max: 60_000 }).map((ms) => () => ms),
    }),
    { selector: ({ id }) => id, maxLength: 6 },
  );
  const demand = fc.uniqueArray(
    fc.record({
      model: fc.constantFrom(...installed),
      perSecond: fc.double({ min: 0, max: 5, noNaN: true }),
      waiting: fc.nat(50),
      serviceMs: fc.integer({ min: 1, max: 20_000 }),
    }),
    { selector: ({ model }) => model },
  );

  it("never interrupts a busy model, takes the last copy of a waited-for one, nor fills a node beyond its limit", () => {
    fc.assert(
      fc.property(nodes, demand, (cluster, wanted) => {
        const moves = planPlacement(cluster, wanted, rules);
        for (const move of moves) {
          const at = cluster.find(({ id }) => id === move.nodeId);
          if (at === undefined) throw new Error("a move names a node that is not there");
          const gone = at.resident.find(({ name }) => name === move.unload);
          if (move.unload !== null) expect(gone?.inFlight).toBe(0);
          if (move.load === null) continue;
          const after = at.resident.length - (move.unload === null ? 0 : 1) + 1;
          expect(after).toBeLessThanOrEqual(at.mostModels);
          expect(at.installed).toContain(move.load);
        }
        for (const { model, waiting } of wanted.filter((entry) => entry.waiting > 0)) {
          const copies = cluster.filter(({ resident: own }) =>
            own.some(({ name }) => name === model),
          );
          const gone = moves.filter(({ unload }) => unload === model).length;
          if (copies.length > 0) expect([waiting, gone < copies.length]).toEqual([waiting, true]);
        }
      }),
    );
  });
});
