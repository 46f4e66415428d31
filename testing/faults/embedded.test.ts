import { expect, it } from "vitest";
import { startTestCluster } from "#testing/fakes/fake-ollama/cluster.ts";
import { startEmbeddedNode } from "#testing/integration/embedded-node/start-embedded-node.ts";

const request = {
  messages: [{ role: "user", content: "Tell me about the capital of France." }],
  options: { temperature: 0, seed: 1, maxTokens: 60 },
} as const;

it("a real model passes the continuation test, and a killed node's text goes on word for word elsewhere", async () => {
  const nodes = [await startEmbeddedNode("--id", "a"), await startEmbeddedNode("--id", "b")];
  const cluster = await startTestCluster(
    nodes.map(({ url }, index) => ({ id: String(index), url })),
  );
  try {
    const ids = ["0", "1"];
    const passed = ids.map((id) => cluster.engine.continuations.passed(id, "smollm2:135m"));
    expect(passed).toEqual([true, true]);
    const answer = async (killAt: number | null) => {
      const kinds = new Set<string>();
      let [text, chunks] = ["", 0];
      for await (const part of cluster.models.chat(request, cluster.call())) {
        kinds.add(part.type);
        if (part.type === "reset") text = "";
        if (part.type !== "text") continue;
        text += part.text;
        chunks += 1;
        if (chunks !== killAt) continue;
        const busy = ids.findIndex((id) => cluster.ledger.inFlight(id, "chat") > 0);
        nodes[busy]?.process.kill("SIGKILL");
      }
      return { kinds, text };
    };
    const whole = await answer(null);
    const broken = await answer(20);
    expect(broken.kinds.has("resumed")).toBe(true);
    expect(broken.text).toBe(whole.text);
  } finally {
    await cluster.stop();
    await Promise.all(nodes.map((node) => node.stop()));
  }
}, 120_000);
