import { describe, expect, it } from "vitest";
import { desiredNodes, nodeAddressFault, type NodeDecision } from "./node-address.ts";

const given = (id: string, slots = 1) => ({ id, baseUrl: `http://${id}:11434`, slots, weight: 1 });
const decided = (id: string, change: Partial<NodeDecision>): NodeDecision => ({
  id,
  baseUrl: null,
  slots: null,
  weight: null,
  isDraining: false,
  isRemoved: false,
  ...change,
});

describe("desiredNodes", () => {
  it("lets an admin change, drain, add and remove what is given elsewhere", () => {
    const nodes = desiredNodes(
      [given("a"), given("b")],
      [given("c")],
      [
        decided("a", { slots: 4 }),
        decided("b", { isRemoved: true }),
        decided("c", { isDraining: true }),
        decided("d", { baseUrl: "http://d:1", weight: 2 }),
      ],
    );
    expect(nodes).toEqual([
      { ...given("c"), source: "dns", isDraining: true },
      { ...given("a", 4), source: "configured", isDraining: false },
      { id: "d", baseUrl: "http://d:1", slots: 1, weight: 2, source: "admin", isDraining: false },
    ]);
  });

  it("counts a name that is configured and discovered once, and forgets changes of one that is gone", () => {
    const [node, ...more] = desiredNodes(
      [given("a", 2)],
      [given("a")],
      [decided("x", { slots: 2 })],
    );
    expect([node?.slots, node?.source, more]).toEqual([2, "configured", []]);
  });
});

describe("nodeAddressFault", () => {
  it.each([
    "http://10.0.0.5:11434",
    "https://node.example.org",
    "http://[fd12::1]:11434",
    "http://127.0.0.1:11434",
  ])("allows %s", (address) => {
    expect(nodeAddressFault(address)).toBeNull();
  });

  it.each([
    "node:11434",
    "ftp://node",
    "http://user:secret@node",
    "http://node/?x=1",
    "http://169.254.169.254",
    "http://2852039166/",
    "http://0xa9.0xfe.0xa9.0xfe/",
    "http://[::ffff:169.254.169.254]/",
    "http://[fe80::1]/",
    "http://metadata.google.internal/",
    "http://0/",
  ])("refuses %s", (address) => {
    expect(nodeAddressFault(address)).toMatch(/\.$/);
  });
});
