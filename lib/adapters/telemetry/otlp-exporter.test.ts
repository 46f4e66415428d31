import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { createOtlpExporter } from "./otlp-exporter.ts";

interface Payload {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly {
      readonly spans: readonly Record<string, unknown>[];
    }[];
  }[];
}

const trace = {
  name: "chat smollm2:135m",
  startedAt: new Date("2026-01-01T00:00:00.000Z"),
  endedAt: new Date("2026-01-01T00:00:02.500Z"),
  queuedMs: 500,
  hasFailed: false,
  attributes: { "gen_ai.request.model": "smollm2:135m", "gen_ai.usage.output_tokens": 12 },
};

it("sends a call as a span with its queue and its node below, and drops what a lost collector does not take", async () => {
  const bodies: Payload[] = [];
  const headers: unknown[] = [];
  const server = createServer((incoming, response) => {
    const pieces: Buffer[] = [];
    incoming.on("data", (piece: Buffer) => pieces.push(piece));
    incoming.on("end", () => {
      bodies.push(JSON.parse(Buffer.concat(pieces).toString("utf8")) as Payload);
      headers.push([incoming.url, incoming.headers["x-key"]]);
      response.end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${String(port)}`;
  const exporter = createOtlpExporter({ endpoint, headers: { "x-key": "k" } });
  exporter.add(trace);
  await exporter.close();
  expect(headers).toEqual([["/v1/traces", "k"]]);
  const spans = bodies[0]?.resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
  expect(spans.map(({ name }) => name)).toEqual(["chat smollm2:135m", "queue", "node"]);
  const [call, queue] = spans;
  expect(call).toMatchObject({
    startTimeUnixNano: "1767225600000000000",
    endTimeUnixNano: "1767225602500000000",
    attributes: [
      { key: "gen_ai.request.model", value: { stringValue: "smollm2:135m" } },
      { key: "gen_ai.usage.output_tokens", value: { intValue: "12" } },
    ],
    status: { code: 1 },
  });
  expect(queue).toMatchObject({
    parentSpanId: call?.["spanId"],
    traceId: call?.["traceId"],
    endTimeUnixNano: "1767225600500000000",
  });
  server.close();
  const away = createOtlpExporter({ endpoint: "http://127.0.0.1:9", headers: {} });
  away.add(trace);
  await expect(away.close()).resolves.toBeUndefined();
});
