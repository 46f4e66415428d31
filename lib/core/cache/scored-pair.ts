import { directionsOf } from "./alias-proof.ts";
import type { CalibratedLimit } from "./calibration.ts";
import type { EvidenceAgreement } from "./semantic-decision.ts";
import { vetoes } from "./vetoes.ts";

/** What a cross-encoder is worth, as measured on labelled pairs. */
export interface ScorerCalibration extends CalibratedLimit {
  readonly pairs: number;
  /** Time that one pair takes, both ways round, ms. */
  readonly pairMs: number;
}

interface Wordings {
  readonly cached: string;
  readonly asked: string;
}

/**
 * Whether the words leave it to a cross-encoder if two wordings ask the same: it may say that other words mean the same, and never
 * overrules a guard, a direction or an order.
 */
export const isOpenToScore = ({ cached, asked }: Wordings): boolean =>
  vetoes(cached, asked).every(({ kind }) => kind === "word") &&
  directionsOf(cached) === directionsOf(asked);

/** Whether what was found for the asked wording answers it, and would be quoted with the entry's own sentence. */
export const answersBoth = ({ isAnswerable, quotesBest }: EvidenceAgreement): boolean =>
  isAnswerable && quotesBest;

/** Of a pair read both ways round: what a scorer says one way only, it has not understood. */
export const pairScore = (there: number, back: number): number => Math.min(there, back);

/** An uncalibrated scorer proves nothing, nor does one whose calibration found no limit within the budget. */
export const isSameByScore = (score: number, { limit }: CalibratedLimit): boolean =>
  limit !== null && score >= limit;

/** A calibration that was kept; `null` for what is none. */
export function readCalibration(text: string): ScorerCalibration | null {
  try {
    const read = JSON.parse(text) as Partial<ScorerCalibration>;
    const { limit, tally, bound, pairs, pairMs } = read;
    const numbers = [tally?.served, tally?.wrong, bound, pairs, pairMs];
    const isWhole = numbers.every((value) => typeof value === "number" && Number.isFinite(value));
    const isLimit = limit === null || (typeof limit === "number" && limit >= 0 && limit <= 1);
    return isWhole && isLimit ? (read as ScorerCalibration) : null;
  } catch {
    return null;
  }
}
