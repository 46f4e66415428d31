import { upperBound } from "../../core/cache/calibration.ts";

/** What came of the questions of one pass. */
export interface Tallies {
  asked: number;
  /** Another wording of the cluster had been asked before. */
  repeats: number;
  kept: number;
  exact: number;
  alias: number;
  semantic: number;
  /** Missed, though an entry near it is of the same cluster and quotes the same. */
  provable: number;
  /** `ASKED~SERVED` of each hit from another cluster. */
  readonly wrong: string[];
  readonly contested: string[];
}

export const newTallies = (): Tallies => ({
  ...{ asked: 0, repeats: 0, kept: 0, exact: 0, alias: 0, semantic: 0, provable: 0 },
  ...{ wrong: [], contested: [] },
});

export const firstSight = ({ asked, repeats, semantic, provable, wrong, contested }: Tallies) => ({
  "traffic.first-sight.semantic-share": semantic / Math.max(asked, 1),
  "traffic.first-sight.semantic-share-of-repeats": semantic / Math.max(repeats, 1),
  "traffic.first-sight.oracle-share": (semantic + provable) / Math.max(asked, 1),
  "traffic.first-sight.wrong": wrong.length,
  "traffic.first-sight.wrong-bound": upperBound({
    served: semantic - contested.length,
    wrong: wrong.length,
  }),
});

/** After idle time: what is given from another wording's answer, and from a wording's own. */
export function secondPass({ asked, exact, alias, semantic, wrong, contested }: Tallies) {
  const others = alias + semantic;
  return {
    "traffic.second-pass.other-wording-share": others / Math.max(asked, 1),
    "traffic.second-pass.hit-share": (others + exact) / Math.max(asked, 1),
    "traffic.second-pass.wrong": wrong.length,
    "traffic.second-pass.wrong-bound": upperBound({
      served: others - contested.length,
      wrong: wrong.length,
    }),
  };
}

export const countsOf = (name: string, tallies: Tallies) =>
  Object.fromEntries(
    Object.entries(tallies).flatMap(([key, counted]) => {
      if (key === "wrong") return [];
      const count = Array.isArray(counted) ? counted.length : (counted as number);
      return [[`${name}.${key}`, count]];
    }),
  );
