import { expect, it } from "vitest";
import { startHerd } from "./herd.ts";
import { faultsOf } from "./ledger.ts";

// Probes come every 5 s and have just been: what is known of the dead node within this test is known from the call it refused.
it("a node that died at rest refuses one request, which another node answers, and gets no second one", async () => {
  const herd = await startHerd(2);
  const { engine, registry } = herd.cluster;
  try {
    const [dead] = herd.nodes;
    await dead?.kill();
    // One for each slot, so that the dead node gets one as well.
    const answers = await Promise.all([herd.ask(40), herd.ask(40)]);
    const refused = [[dead?.id, "refused"]];
    const failures = () => engine.records.failovers().map(({ nodeId, reason }) => [nodeId, reason]);
    expect(failures()).toEqual(refused);
    expect(registry.entry(dead?.id ?? "")?.status).toEqual({ kind: "unreachable" });
    answers.push(...(await Promise.all([herd.ask(40), herd.ask(40), herd.ask(40)])));
    expect(failures()).toEqual(refused);
    expect(answers.flatMap(faultsOf)).toEqual([]);
  } finally {
    await herd.stop();
  }
});
