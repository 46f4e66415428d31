import type { Milliseconds } from "../time/milliseconds.ts";
import { classRules, workClasses, type ClassRules, type WorkClass } from "./work-class.ts";

/** What the classes have had of one kind of work. Weighted fair queueing over predicted seconds; no strict priority. */
export interface ClassShares {
  /** The class has waiters from now on. */
  readonly began: (workClass: WorkClass, now: Milliseconds) => void;
  /** It has none any more. */
  readonly ended: (workClass: WorkClass) => void;
  readonly granted: (
    workClass: WorkClass,
    serviceMs: number,
    waitedMs: number,
    now: Milliseconds,
  ) => void;
  /** Among these, the order in which a free slot asks the classes: starved ones first, then the furthest behind its weight. */
  readonly order: (among: readonly WorkClass[], now: Milliseconds) => readonly WorkClass[];
  readonly isStarved: (workClass: WorkClass, now: Milliseconds) => boolean;
  /** Wait from which on a single request of the class moves up. */
  readonly ageLimitMs: (workClass: WorkClass) => number;
  readonly copy: () => ClassShares;
}

interface Share {
  /** Service had ÷ weight, ms. */
  readonly virtualMs: number;
  /** Since when the class has waiters without a grant; `null` without waiters. */
  readonly waitingSince: Milliseconds | null;
  readonly meanWaitMs: number;
}

const shortestAgeMs = 30_000;
const ageByMeanWait = 4;
const newShare = 0.05;
const fresh: Share = { virtualMs: 0, waitingSince: null, meanWaitMs: 0 };

/** @param rules asked at each use, so that they can be changed while work waits */
export function createClassShares(
  rules: () => ClassRules = () => classRules,
  from: ReadonlyMap<WorkClass, Share> = new Map<WorkClass, Share>(),
  reached = { virtualMs: 0, meanServiceMs: 0 },
): ClassShares {
  const shares = new Map(from);
  // Where the class served last stood: who comes back starts there (self-clocked fair queueing, Golestani 1994).
  let reachedMs = reached.virtualMs;
  let { meanServiceMs } = reached;
  // Ordered by where a class would stand after one more request: a heavy class goes first when both have had nothing.
  const finishMs = (workClass: WorkClass): number =>
    of(workClass).virtualMs + meanServiceMs / rules()[workClass].weight;
  const of = (workClass: WorkClass): Share => shares.get(workClass) ?? fresh;
  const starvedMs = (workClass: WorkClass, now: Milliseconds): number => {
    const { waitingSince } = of(workClass);
    return waitingSince === null ? -Infinity : now - waitingSince - rules()[workClass].starvationMs;
  };
  const ageLimitMs = (workClass: WorkClass): number =>
    rules()[workClass].agesUp
      ? Math.max(shortestAgeMs, ageByMeanWait * of(workClass).meanWaitMs)
      : Infinity;
  const rank = (workClass: WorkClass): number => workClasses.indexOf(workClass);

  return {
    began(workClass, now) {
      const share = of(workClass);
      if (share.waitingSince !== null) return;
      // Rest is not saved up: who comes back starts level with those who were served meanwhile.
      const virtualMs = Math.max(share.virtualMs, reachedMs);
      shares.set(workClass, { ...share, virtualMs, waitingSince: now });
    },
    ended(workClass) {
      shares.set(workClass, { ...of(workClass), waitingSince: null });
    },
    granted(workClass, serviceMs, waitedMs, now) {
      const share = of(workClass);
      reachedMs = Math.max(reachedMs, share.virtualMs);
      meanServiceMs += (meanServiceMs === 0 ? 1 : newShare) * (serviceMs - meanServiceMs);
      shares.set(workClass, {
        virtualMs: share.virtualMs + serviceMs / rules()[workClass].weight,
        waitingSince: share.waitingSince === null ? null : now,
        meanWaitMs: share.meanWaitMs + newShare * (waitedMs - share.meanWaitMs),
      });
    },
    order: (among, now) =>
      [...among].sort((one, other) => {
        const byStarving = Math.max(starvedMs(other, now), -1) - Math.max(starvedMs(one, now), -1);
        if (byStarving !== 0) return byStarving;
        return finishMs(one) - finishMs(other) || rank(one) - rank(other);
      }),
    isStarved: (workClass, now) => starvedMs(workClass, now) >= 0,
    ageLimitMs,
    copy: () => createClassShares(rules, shares, { virtualMs: reachedMs, meanServiceMs }),
  };
}
