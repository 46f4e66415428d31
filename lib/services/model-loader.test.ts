import { expect, it } from "vitest";
import { createMemorySlotLedger } from "../adapters/memory/slot-ledger.ts";
import { policies } from "../core/balancing/policies.ts";
import { createModelLoader } from "./model-loader.ts";
import { createNodeRegistry } from "./node-registry.ts";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { unusedNode } from "#testing/fakes/unused-node.ts";

it("ends an unload also when requests bring the model back at once", async () => {
  const clock = createFakeClock();
  const ledger = createMemorySlotLedger({ clock, policy: () => policies["predicted-time"] });
  const node = {
    ...unusedNode("a"),
    unload: () => Promise.resolve(),
    loadedModels: () => Promise.resolve([{ name: "chat:1b", digest: "d", expiresAt: new Date(0) }]),
  };
  const nodes = [{ node, slots: 1, weight: 1 }];
  const registry = createNodeRegistry({ nodes, ledger, clock, embedModel: "embed" });
  const loader = createModelLoader({ registry, clock });
  let end: unknown = "open";
  void loader.unload("a", "chat:1b", new AbortController().signal).then(
    () => (end = "ended"),
    (error: unknown) => (end = error),
  );
  for (let tenths = 0; tenths < 250; tenths += 1) await clock.advance(100);
  expect(end).toBe("ended");
});
