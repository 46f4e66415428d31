import { randomBytes } from "node:crypto";
import { request } from "undici";
import type { CallTrace, TraceExporter } from "../../ports/trace-exporter.ts";

export interface OtlpOptions {
  /** As in OTEL_EXPORTER_OTLP_ENDPOINT, without `/v1/traces`. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly sendEveryMs?: number;
}

const mostWaiting = 2000;
const sendEveryMs = 2000;
const timeoutMs = 5000;

/** Sends spans as OTLP over HTTP in its JSON form. A collector that is away costs spans, never a request. */
export function createOtlpExporter(options: OtlpOptions): TraceExporter {
  let waiting: CallTrace[] = [];
  const send = async (): Promise<void> => {
    const traces = waiting;
    waiting = [];
    if (traces.length === 0) return;
    try {
      const response = await request(`${options.endpoint}/v1/traces`, {
        method: "POST",
        headers: { "content-type": "application/json", ...options.headers },
        body: JSON.stringify(payloadOf(traces)),
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      await response.body.dump();
    } catch {
      // Lost on purpose: see above.
    }
  };
  const timer = setInterval(() => void send(), options.sendEveryMs ?? sendEveryMs);
  timer.unref();
  return {
    add(trace) {
      if (waiting.length < mostWaiting) waiting.push(trace);
    },
    async close() {
      clearInterval(timer);
      await send();
    },
  };
}

const nanoseconds = (date: Date): string => `${String(date.getTime())}000000`;

const payloadOf = (traces: readonly CallTrace[]): unknown => ({
  resourceSpans: [
    {
      resource: { attributes: attributesOf({ "service.name": "drover" }) },
      scopeSpans: [{ scope: { name: "drover" }, spans: traces.flatMap(spansOf) }],
    },
  ],
});

const clientKind = 3;
const internalKind = 1;

/** The call, and below it its time in the queue and on the node. */
function spansOf(trace: CallTrace): readonly unknown[] {
  const traceId = randomBytes(16).toString("hex");
  const parentSpanId = randomBytes(8).toString("hex");
  const { startedAt, endedAt, queuedMs } = trace;
  const grantedAt = new Date(Math.min(startedAt.getTime() + queuedMs, endedAt.getTime()));
  const span = (name: string, from: Date, to: Date, kind: number): Record<string, unknown> => ({
    traceId,
    name,
    kind,
    startTimeUnixNano: nanoseconds(from),
    endTimeUnixNano: nanoseconds(to),
  });
  const child = (name: string, from: Date, to: Date, kind: number): Record<string, unknown> => ({
    ...span(name, from, to, kind),
    spanId: randomBytes(8).toString("hex"),
    parentSpanId,
  });
  return [
    {
      ...span(trace.name, startedAt, endedAt, internalKind),
      spanId: parentSpanId,
      attributes: attributesOf(trace.attributes),
      status: { code: trace.hasFailed ? 2 : 1 },
    },
    child("queue", startedAt, grantedAt, internalKind),
    child("node", grantedAt, endedAt, clientKind),
  ];
}

const attributesOf = (attributes: Readonly<Record<string, string | number>>): readonly unknown[] =>
  Object.entries(attributes).map(([key, value]) => ({
    key,
    value:
      typeof value === "string"
        ? { stringValue: value }
        : Number.isInteger(value)
          ? { intValue: String(value) }
          : { doubleValue: value },
  }));
