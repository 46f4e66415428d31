import { expect, it } from "vitest";
import { coldLoads } from "./cold-loads.ts";

it("500 cold loads while people ask: no node is called dead, no answer is lost", async () => {
  expect(await coldLoads(500)).toEqual({ loads: 500, failed: 0, lost: 0 });
}, 600_000);
