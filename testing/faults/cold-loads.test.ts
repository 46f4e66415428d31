import { expect, it } from "vitest";
import { coldLoads } from "./cold-loads.ts";

it("20 cold loads while people ask: no node is called dead, no answer is lost", async () => {
  expect(await coldLoads(20)).toEqual({ loads: 20, failed: 0, lost: 0 });
}, 60_000);
