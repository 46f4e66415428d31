/** Counts of durations in steps of a fifth, 1 ms to about 20 min: quantiles within 10 %, whatever the number of calls. */
export type TimeHistogram = readonly number[];

const step = Math.log(1.2);
const steps = 78;

export const emptyHistogram: TimeHistogram = [];

const bucketOf = (ms: number): number =>
  ms <= 1 ? 0 : Math.min(steps - 1, Math.ceil(Math.log(ms) / step));

export function withTime(histogram: TimeHistogram, ms: number): TimeHistogram {
  const bucket = bucketOf(ms);
  const counts = Array.from({ length: Math.max(histogram.length, bucket + 1) }, (_, index) =>
    index === bucket ? (histogram[index] ?? 0) + 1 : (histogram[index] ?? 0),
  );
  return counts;
}

export const mergedHistogram = (one: TimeHistogram, other: TimeHistogram): TimeHistogram =>
  Array.from(
    { length: Math.max(one.length, other.length) },
    (_, index) => (one[index] ?? 0) + (other[index] ?? 0),
  );

/** The p-quantile (p from 0 to 1) in ms, the middle of its step; `null` when nothing was counted. */
export function timeQuantile(histogram: TimeHistogram, p: number): number | null {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let seen = 0;
  for (const [index, count] of histogram.entries()) {
    seen += count;
    if (seen >= Math.max(1, p * total)) return Math.round(Math.exp((index - 0.5) * step));
  }
  return null;
}
