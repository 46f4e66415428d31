import { balancedAccuracy, type Decided } from "./binary-measures.ts";
import { bootstrapBounds, bootstrapBoundsOfGroups, mean } from "./ranking-measures.ts";

/** Figures from 0 to 1 that are collected one by one, each with its 95 % bounds by bootstrap. */
export interface CollectedFigures {
  readonly metrics: Readonly<Record<string, number>>;
  readonly bounds: Readonly<Record<string, readonly [number, number]>>;
  addMean(name: string, values: readonly number[]): void;
  /** Share of the cases that fulfil something. */
  addShare(name: string, cases: readonly boolean[]): void;
  addAccuracy(name: string, decided: readonly Decided[]): void;
  /** Mean of the sets' balanced accuracies, each set with equal weight. */
  addMeanAccuracy(name: string, sets: readonly (readonly Decided[])[]): void;
}

export function collectFigures(): CollectedFigures {
  const metrics: Record<string, number> = {};
  const bounds: Record<string, readonly [number, number]> = {};
  const addMean = (name: string, values: readonly number[]): void => {
    const { low, high } = bootstrapBounds(values);
    metrics[name] = mean(values);
    bounds[name] = [low, Math.min(1, high)];
  };
  return {
    metrics,
    bounds,
    addMean,
    addShare(name, cases) {
      addMean(
        name,
        cases.map((is) => (is ? 1 : 0)),
      );
    },
    addAccuracy(name, decided) {
      addMean(name, contributions(decided));
      metrics[name] = balancedAccuracy(decided);
    },
    addMeanAccuracy(name, sets) {
      const { low, high } = bootstrapBoundsOfGroups(sets.flatMap(hitsByTruth));
      metrics[name] = mean(sets.map(balancedAccuracy));
      bounds[name] = [low, high];
    },
  };
}

/** Right (1) or wrong (0), the true ones and the false ones apart: the mean of the two means is the balanced accuracy. */
const hitsByTruth = (decided: readonly Decided[]): readonly (readonly number[])[] =>
  [true, false].map((truth) =>
    decided.filter((one) => one.truth === truth).map(({ said }) => (said === truth ? 1 : 0)),
  );

/** What each decision adds to balanced accuracy, times their number: the mean is the accuracy. */
function contributions(decided: readonly Decided[]): readonly number[] {
  const ofTruth = (truth: boolean): number => decided.filter((one) => one.truth === truth).length;
  const sizes = { yes: ofTruth(true), no: ofTruth(false) };
  return decided.map(({ truth, said }) =>
    truth === said ? decided.length / (2 * (truth ? sizes.yes : sizes.no)) : 0,
  );
}
