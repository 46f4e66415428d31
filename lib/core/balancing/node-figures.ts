import type { Milliseconds } from "../time/milliseconds.ts";

/** What the comparing policies know of a node's past; `predicted-time` needs none of it. */
export interface NodeFigures {
  /** Number of the latest grant, growing over all nodes; 0 = never chosen. */
  readonly lastGrant: number;
  /** Grants, each fading with a half-life of a minute. */
  readonly recentGrants: number;
  /** Decayed peak of the time to the first item; 0 = not measured. */
  readonly peakMs: number;
  /** Share of failed calls, exponentially weighted, 0 to 1. */
  readonly errorShare: number;
  readonly at: Milliseconds;
}

export const noFigures: NodeFigures = {
  ...{ lastGrant: 0, recentGrants: 0, peakMs: 0, errorShare: 0 },
  at: 0 as Milliseconds,
};

const halfLifeMs = 60_000;
// Peak EWMA forgets within some ten seconds (tower/src/load/peak_ewma.rs).
const peakDecayMs = 10_000;
const newShare = 0.2;

const faded = (figures: NodeFigures, now: Milliseconds): NodeFigures => ({
  ...figures,
  recentGrants: figures.recentGrants * 0.5 ** ((now - figures.at) / halfLifeMs),
  at: now,
});

export const afterGrant = (figures: NodeFigures, grant: number, now: Milliseconds): NodeFigures => {
  const before = faded(figures, now);
  return { ...before, lastGrant: grant, recentGrants: before.recentGrants + 1 };
};

/** A slower call counts at once, a faster one bit by bit. */
export function afterEnd(
  figures: NodeFigures,
  end: { readonly failed?: boolean; readonly firstItemMs?: number },
  now: Milliseconds,
): NodeFigures {
  const before = faded(figures, now);
  const errorShare =
    before.errorShare + newShare * ((end.failed === true ? 1 : 0) - before.errorShare);
  const measured = end.firstItemMs;
  if (measured === undefined) return { ...before, errorShare };
  const share = Math.exp(-(now - figures.at) / peakDecayMs);
  const peakMs =
    measured > before.peakMs ? measured : before.peakMs * share + measured * (1 - share);
  return { ...before, errorShare, peakMs };
}
