import type { Clock } from "../ports/clock.ts";
import type { CallTrace } from "../ports/trace-exporter.ts";
import type { CallRecord } from "./call-records.ts";

/** A call as traces show it: client, model, tokens and times; never a word of question or answer. */
export function traceOf(record: CallRecord, clock: Clock): CallTrace {
  const endedAgoMs = clock.now() - record.endedAt;
  const endedAt = new Date(clock.wallTime().getTime() - endedAgoMs);
  const tookMs = record.endedAt - record.startedAt;
  return {
    name: `${record.kind} ${record.model}`,
    startedAt: new Date(endedAt.getTime() - tookMs),
    endedAt,
    queuedMs: record.queuedMs,
    hasFailed: record.outcome === "failed" || record.outcome === "expired",
    attributes: {
      "gen_ai.operation.name": record.kind === "chat" ? "chat" : "embeddings",
      "gen_ai.request.model": record.model,
      "gen_ai.usage.input_tokens": record.promptTokens,
      "gen_ai.usage.output_tokens": record.completionTokens,
      "drover.cached_tokens": record.cachedPromptTokens,
      "drover.client": record.client,
      "drover.class": record.class,
      "drover.outcome": record.outcome,
      "drover.attempts": record.attempts,
      "drover.queued_ms": Math.round(record.queuedMs),
      ...(record.nodeId === null ? {} : { "drover.node": record.nodeId }),
      ...(record.firstTokenMs === null
        ? {}
        : { "drover.first_token_ms": Math.round(record.firstTokenMs) }),
    },
  };
}
