import type { ReferenceName } from "./references.ts";
import type { Summary } from "./summary.ts";

/** A figure of routing.md section 2.2, simulated by others, that the references have to reproduce. */
export interface Published {
  readonly experiment: "one model" | "one slot" | "unequal speeds" | "model mix" | "conversations";
  readonly load: number;
  readonly reference: ReferenceName;
  readonly figure: keyof Summary;
  readonly value: number;
  /** How far off it may be, where that is not a twentieth. */
  readonly tolerance?: number;
}

const oneModel = (
  load: number,
  waits: Partial<Record<ReferenceName, number>>,
): readonly Published[] =>
  Object.entries(waits).map(([reference, value]) => ({
    ...{ experiment: "one model", load, figure: "meanWaitS" },
    ...{ reference: reference as ReferenceName, value },
  }));

export const published: readonly Published[] = [
  ...oneModel(0.7, {
    random: 0.948,
    "round-robin": 0.468,
    "power of two": 0.23,
    "least-connections": 0.141,
    "central FIFO": 0.106,
    "SJF noisy": 0.081,
    "SJF exact": 0.074,
  }),
  ...oneModel(0.85, {
    random: 2.589,
    "round-robin": 1.489,
    "power of two": 0.683,
    "least-connections": 0.526,
    "central FIFO": 0.46,
    "SJF noisy": 0.281,
    "SJF exact": 0.241,
  }),
  ...oneModel(0.95, {
    "power of two": 2.46,
    "least-connections": 2.23,
    "central FIFO": 2.13,
    "SJF noisy": 0.89,
    "SJF exact": 0.69,
  }),
  ...(
    [
      ["one slot", "least-connections", "meanWaitS", 0.488],
      ["one slot", "central FIFO", "meanWaitS", 0.344],
      ["unequal speeds", "power of two", "meanResponseS", 2.21],
      ["unequal speeds", "least-connections", "meanResponseS", 1.82],
      ["unequal speeds", "weighted least-connections", "meanResponseS", 1.61],
      ["unequal speeds", "central FIFO", "meanResponseS", 1.72],
      ["unequal speeds", "central FIFO, fastest free", "meanResponseS", 1.54],
      ["model mix", "least-connections", "meanFirstTokenS", 6.5],
      ["model mix", "central FIFO", "meanFirstTokenS", 6],
      ["model mix", "warm-first", "meanFirstTokenS", 1.73],
      ["conversations", "least-connections", "meanFirstTokenS", 4.2],
      ["conversations", "sticky", "meanFirstTokenS", 9.5],
      ["conversations", "uncached prefill × load", "meanFirstTokenS", 3.4],
      ["conversations", "central FIFO", "meanFirstTokenS", 3.9],
    ] as const
  ).map(([experiment, reference, figure, value]) => ({
    ...{ experiment, reference, figure, value, load: 0.7 },
    // The widest spread of all: one trace of 60,000 requests is off by 9.5 %, a mean of three by 5.5 % (standard deviations over 16 traces), and
    // three traces are what was published. How conversations were dealt out was not: by number it is .89 to .95 of the figure, by a random
    // hash 1.8, to the least loaded node at the first turn .47.
    ...(reference === "sticky" ? { tolerance: 0.12 } : {}),
  })),
];
