import { milliseconds, type Milliseconds } from "../time/milliseconds.ts";

/** Measured speed of one model on one node, tokens per second. */
export interface Rates {
  readonly prefillPerSecond: number;
  readonly decodePerSecond: number;
}

/** What has been measured of them so far: a short call tells the one and not the other. */
export type MeasuredRates = Partial<Rates>;

/** What is assumed until a node has been measured. */
export const assumedRates: Rates = { prefillPerSecond: 200, decodePerSecond: 20 };

export interface MeasuredCall {
  readonly promptTokens: number;
  readonly cachedPromptTokens: number;
  readonly completionTokens: number;
  readonly prefillMs: number;
  readonly decodeMs: number;
}

const newShare = 0.3;
// Shorter pieces of work measure overhead instead of speed.
const fewestTokens = 16;

/** Exponentially weighted mean with .3 for the new value; fewer than 16 tokens do not count. */
export function measuredRates(before: MeasuredRates, call: MeasuredCall): MeasuredRates {
  const prefilled = call.promptTokens - call.cachedPromptTokens;
  const blend = (old: number | undefined, tokens: number, tookMs: number): number | undefined => {
    if (tokens < fewestTokens || tookMs <= 0) return old;
    const measured = (tokens / tookMs) * 1000;
    return old === undefined ? measured : old + newShare * (measured - old);
  };
  const prefillPerSecond = blend(before.prefillPerSecond, prefilled, call.prefillMs);
  const decodePerSecond = blend(before.decodePerSecond, call.completionTokens, call.decodeMs);
  return {
    ...(prefillPerSecond === undefined ? {} : { prefillPerSecond }),
    ...(decodePerSecond === undefined ? {} : { decodePerSecond }),
  };
}

/** How long prefilling that many tokens takes. */
export const prefillTime = (promptTokens: number, rates: Rates): Milliseconds =>
  milliseconds((promptTokens / rates.prefillPerSecond) * 1000);

// A node looks for a closed connection only between two batches of this many tokens (ollama-measured.md section 5).
const batchTokens = 128;

/**
 * How long a node goes on working on a prompt whose caller has left: to the end of the running batch.
 * @param elapsedMs since the call was sent
 * @returns 0 when the prefill must be over by now
 */
export function busyAfterAbort(
  promptTokens: number,
  elapsedMs: number,
  rates: Rates,
): Milliseconds {
  const wholeMs = prefillTime(promptTokens, rates);
  if (elapsedMs >= wholeMs) return milliseconds(0);
  const batchMs = prefillTime(batchTokens, rates);
  return milliseconds(Math.min(wholeMs - elapsedMs, batchMs - (elapsedMs % batchMs)));
}
