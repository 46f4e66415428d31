import { assumedRates, prefillTime, type Rates } from "../balancing/rates.ts";

/** How long an attempt may be silent, ms. */
export interface AttemptLimits {
  /** From here on the node is asked whether it lives: it is slower than predicted. */
  readonly suspectFirstMs: number;
  readonly firstTokenMs: number;
  readonly suspectNextMs: number;
  readonly interTokenMs: number;
}

/** The shortest that an attempt may be silent before it is given up, ms. */
export interface AttemptPatience {
  readonly firstTokenMs: number;
  readonly interTokenMs: number;
}

const usualPatience: AttemptPatience = { firstTokenMs: 10_000, interTokenMs: 10_000 };
const embeddingMs = 30_000;
// The longest prefill that a node may run beside a stream (ollama-measured.md section 5).
const neighbourPrefillTokens = 2048;
const suspectGraceMs = 500;
const suspectSilenceMs = 1500;

/**
 * First token: max(10 s, 4 × predicted), doubled with each attempt; between tokens 10 s and the longest prefill that the engine may run
 * beside. Generous on purpose: a node that shares its cores is slower than it was measured, and giving it up loses all it has done. What
 * finds a dead node early is asking it, from twice the predicted time on.
 */
export function attemptLimits(
  kind: "chat" | "embedding",
  promptTokens: number,
  rates: Rates,
  attempt: number,
  patience = usualPatience,
): AttemptLimits {
  const slowest = Math.min(rates.prefillPerSecond, assumedRates.prefillPerSecond);
  const cautious = { ...rates, prefillPerSecond: slowest };
  const suspectFirstMs = suspectGraceMs + 2 * prefillTime(promptTokens, rates);
  if (kind === "embedding")
    return {
      suspectFirstMs,
      firstTokenMs: embeddingMs,
      suspectNextMs: embeddingMs,
      interTokenMs: embeddingMs,
    };
  const firstTokenMs = Math.max(patience.firstTokenMs, 4 * prefillTime(promptTokens, cautious));
  return {
    suspectFirstMs,
    firstTokenMs: firstTokenMs * 2 ** (attempt - 1),
    suspectNextMs: suspectSilenceMs,
    interTokenMs: patience.interTokenMs + prefillTime(neighbourPrefillTokens, cautious),
  };
}

/** What is known when an attempt has been silent for longer than predicted. */
export interface Silence {
  readonly silentMs: number;
  readonly isFirst: boolean;
  readonly limits: AttemptLimits;
  /** What the node said when it was asked. */
  readonly version: "answers" | "silent" | "refused";
  /** The model is in memory; `null` = the node does not say. */
  readonly isResident: boolean | null;
  /** Drover loads a model there now. */
  readonly isLoading: boolean;
  /** Another node could take the request. */
  readonly hasOther: boolean;
}

/** `wait`, or give the attempt up for this reason, which counts against the node. */
export type SilenceVerdict = "wait" | "refused" | "frozen" | "frozen-model" | "silent";

// Ollama gives a load five minutes without a sign of life; Drover waits a little longer.
const longestLoadMs = 330_000;

/**
 * Tells frozen from loading from slow. A node whose version is silent is frozen, whatever it was doing. One that answers but does not
 * list its models within a second has a model process that no longer answers, unless it loads: seconds of stall are normal then. A model
 * that is not in memory is being loaded and gets the time of a load. The rest is a matter of the limits.
 */
export function judgeSilence(silence: Silence): SilenceVerdict {
  const { silentMs, isFirst, limits, version } = silence;
  const limitMs = isFirst ? limits.firstTokenMs : limits.interTokenMs;
  const isOver = silentMs >= limitMs;
  if (version === "refused") return "refused";
  const mayMove = silence.hasOther || isOver;
  if (version === "silent") return mayMove ? "frozen" : "wait";
  if (isLoadingModel(silence))
    return silentMs >= Math.max(longestLoadMs, limitMs) ? "silent" : "wait";
  if (silence.isResident === null) return mayMove ? "frozen-model" : "wait";
  return isOver ? "silent" : "wait";
}

const isLoadingModel = ({ isLoading, isFirst, isResident }: Silence): boolean =>
  isLoading || (isFirst && isResident === false);
