import {
  conversations,
  modelMix,
  oneModel,
  withReference,
  type Experiment,
  type Size,
} from "./experiments.ts";
import type { Published } from "./published.ts";

const experiments: Readonly<
  Record<Published["experiment"], (size: Size, load: number) => Experiment>
> = {
  "one model": oneModel,
  "one slot": (size, load) => oneModel(size, load, { slots: 1 }),
  "unequal speeds": (size, load) => oneModel(size, load, { speeds: [1, 1, 0.5, 0.25] }),
  "model mix": modelMix,
  conversations,
};

const made = new Map<string, Experiment>();

/** Traces are long: made once for all references. */
function experimentOf({ experiment, load }: Published, size: Size): Experiment {
  const key = JSON.stringify([experiment, load, size]);
  const known = made.get(key) ?? experiments[experiment](size, load);
  made.clear();
  made.set(key, known);
  return known;
}

/** Near the limit one trace of 300,000 requests is off by 5 %, and the published three seeds are as well: ten there, three elsewhere. */
export const seedsFor = ({ load }: Published): readonly number[] =>
  Array.from({ length: load > 0.9 ? 10 : 3 }, (_, index) => index + 1);

/** Our figure ÷ the published one. */
export function reproduction(one: Published, size: Size): number {
  const summary = withReference(one.reference, experimentOf(one, size));
  return summary[one.figure] / one.value;
}
