import type { AttemptPatience } from "../core/resilience/attempt-limits.ts";
import { breakerLimits, type BreakerLimits } from "../core/resilience/circuit-breaker.ts";
import { degradationLimits, type DegradationLimits } from "../core/resilience/degradation.ts";
import {
  classRules,
  workClasses,
  type ClassRules,
  type WorkClass,
} from "../core/scheduling/work-class.ts";
import { settingPrefix } from "../core/settings/share-settings.ts";
import type { Settings } from "../core/settings/settings.ts";

const secondMs = 1000;

const secondsIn = (group: Readonly<Record<string, unknown>>, name: string): number | null => {
  const value = group[name];
  return typeof value === "number" ? value * secondMs : null;
};

function ruleOf(workClass: WorkClass, { shares, limits }: Settings): ClassRules[WorkClass] {
  const rule = classRules[workClass];
  const prefix = settingPrefix[workClass];
  const weights: Readonly<Record<string, number>> = shares;
  return {
    ...rule,
    weight: weights[`${prefix}Weight`] ?? rule.weight,
    starvationMs: secondsIn(shares, `${prefix}BoundSeconds`) ?? rule.starvationMs,
    longestWaitMs: secondsIn(limits, `${prefix}WaitSeconds`) ?? rule.longestWaitMs,
  };
}

const rulesOf = (settings: Settings): ClassRules =>
  Object.fromEntries(
    workClasses.map((workClass) => [workClass, ruleOf(workClass, settings)]),
  ) as ClassRules;

const degradationOf = ({ strain }: Settings): DegradationLimits => ({
  ...degradationLimits,
  waitMs: [
    strain.level1WaitSeconds * secondMs,
    strain.level2WaitSeconds * secondMs,
    strain.level3WaitSeconds * secondMs,
  ],
  openShare: [
    strain.level1MissingPercent / 100,
    strain.level2MissingPercent / 100,
    strain.level3MissingPercent / 100,
  ],
  riseAfterMs: strain.riseAfterSeconds * secondMs,
  fallAfterMs: strain.fallAfterSeconds * secondMs,
});

const breakerOf = ({ cluster }: Settings): BreakerLimits => ({
  ...breakerLimits,
  failuresInARow: cluster.failuresInARow,
  windowFailures: cluster.failuresInARow,
  longestOpenMs: cluster.longestRestSeconds * secondMs,
});

const patienceOf = ({ cluster }: Settings): AttemptPatience => ({
  firstTokenMs: cluster.firstTokenSeconds * secondMs,
  interTokenMs: cluster.betweenTokensSeconds * secondMs,
});

/** What the engine asks of the settings, in its own words and units. Each is made anew only when the settings have changed. */
export function engineSettings(settings: () => Settings) {
  const kept = <T>(make: (from: Settings) => T): (() => T) => {
    let last: { readonly from: Settings; readonly made: T } | undefined;
    return () => {
      const from = settings();
      if (last?.from !== from) last = { from, made: make(from) };
      return last.made;
    };
  };
  return {
    rules: kept(rulesOf),
    strain: kept(degradationOf),
    breaker: kept(breakerOf),
    patience: kept(patienceOf),
    retryShare: () => settings().cluster.retryPercent / 100,
  };
}
