import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { createSystemClock } from "#lib/adapters/system/clock.ts";
import { createOtlpExporter } from "#lib/adapters/telemetry/otlp-exporter.ts";
import { traceOf } from "#lib/services/call-trace.ts";
import { startTestCluster } from "#testing/fakes/fake-ollama/cluster.ts";
import { startFakeOllama } from "#testing/fakes/fake-ollama/server.ts";

it("a call that moved to another node reaches the collector with client, model, tokens, attempts and node, and without a word of it", async () => {
  const bodies: string[] = [];
  const collector = createServer((incoming, response) => {
    const pieces: Buffer[] = [];
    incoming.on("data", (piece: Buffer) => pieces.push(piece));
    incoming.on("end", () => {
      bodies.push(Buffer.concat(pieces).toString("utf8"));
      response.end("{}");
    });
  });
  await new Promise<void>((listening) => collector.listen(0, "127.0.0.1", listening));
  const { port } = collector.address() as AddressInfo;
  const traces = createOtlpExporter({ endpoint: `http://127.0.0.1:${String(port)}`, headers: {} });
  const clock = createSystemClock();
  const nodes = [await startFakeOllama({ fault: "status-500" }), await startFakeOllama()];
  const cluster = await startTestCluster(
    nodes.map(({ url }, index) => ({ id: `n${String(index)}`, url })),
    {
      onCallEnd(record) {
        if (record.kind === "chat") traces.add(traceOf(record, clock));
      },
    },
  );
  const ask = async (): Promise<void> => {
    const request = {
      messages: [{ role: "user", content: "secret words" }],
      options: { maxTokens: 50 },
    } as const;
    for await (const part of cluster.models.chat(request, cluster.call({ client: "ann" })))
      expect(part.type).not.toBe("reset");
  };
  while (cluster.engine.records.failovers().length === 0) await ask();
  await traces.close();
  await cluster.stop();
  await Promise.all(nodes.map((node) => node.stop()));
  collector.close();
  const sent = bodies.join("");
  const value = (key: string): readonly string[] =>
    [...sent.matchAll(new RegExp(`"key":"${key}","value":\\{"\\w+":"?([^"}]*)`, "gu"))].map(
      ([, found]) => found ?? "",
    );
  expect(value("drover.client")).toContain("ann");
  expect(value("gen_ai.request.model")).toContain("smollm2:135m");
  expect(value("gen_ai.usage.output_tokens")).toContain("2");
  expect(value("drover.attempts")).toContain("2");
  expect(value("drover.node").at(-1)).toBe("n1");
  expect(sent).not.toContain("secret");
});
