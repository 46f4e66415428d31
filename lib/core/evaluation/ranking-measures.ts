/** Documents judged for a question, with their grade; 0 = judged, not relevant. */
export type Judgements = ReadonlyMap<string, number>;

/** Normalised discounted cumulative gain of the first `k`, gains as graded, 0 to 1; 0 where nothing is relevant. */
export function ndcg(ranked: readonly string[], judged: Judgements, k: number): number {
  const gains = ranked.slice(0, k).map((id) => judged.get(id) ?? 0);
  const ideal = [...judged.values()].toSorted((one, other) => other - one).slice(0, k);
  const best = discounted(ideal);
  return best === 0 ? 0 : discounted(gains) / best;
}

const discounted = (gains: readonly number[]): number =>
  gains.reduce((sum, gain, place) => sum + gain / Math.log2(place + 2), 0);

/** Share of the relevant documents that stand among the first `k`; 0 where nothing is relevant. */
export function recall(ranked: readonly string[], judged: Judgements, k: number): number {
  const relevant = [...judged].filter(([, grade]) => grade > 0).map(([id]) => id);
  const first = new Set(ranked.slice(0, k));
  return relevant.length === 0
    ? 0
    : relevant.filter((id) => first.has(id)).length / relevant.length;
}

/** One over the place of the first relevant document among the first `k`, 0 when none is there. */
export function reciprocalRank(ranked: readonly string[], judged: Judgements, k: number): number {
  const place = ranked.slice(0, k).findIndex((id) => (judged.get(id) ?? 0) > 0);
  return place === -1 ? 0 : 1 / (place + 1);
}

/** `[start, end)` in a text. */
export type Span = readonly [number, number];

/** Share of the characters of `wanted` that `found` covers, 0 to 1; 0 where nothing is wanted. */
export function coverage(found: readonly Span[], wanted: readonly Span[]): number {
  let covered = 0;
  let whole = 0;
  for (const [start, end] of wanted) {
    whole += end - start;
    let from = start;
    for (const [first, last] of found.toSorted((one, other) => one[0] - other[0])) {
      const [left, right] = [Math.max(from, first), Math.min(end, last)];
      if (right <= left) continue;
      covered += right - left;
      from = right;
    }
  }
  return whole === 0 ? 0 : covered / whole;
}

export const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Pseudo-random numbers from 0 to 1, the same for the same seed. @see mulberry32, Tommy Ettinger */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const resamples = 1000;

interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** 95 % bounds of the mean over questions, by bootstrap (1,000 resamples, seeded). */
export const bootstrapBounds = (values: readonly number[]): Bounds =>
  bootstrapBoundsOfGroups([values]);

/** The same of the mean of the groups' means, where each group counts the same: each is resampled by itself. */
export function bootstrapBoundsOfGroups(groups: readonly (readonly number[])[]): Bounds {
  const random = seededRandom(20_261_126);
  const resampled = (values: readonly number[]) =>
    mean(values.map(() => values[Math.floor(random() * values.length)] ?? 0));
  const means = Array.from({ length: resamples }, () => mean(groups.map(resampled))).toSorted(
    (one, other) => one - other,
  );
  return { low: means[resamples * 0.025] ?? 0, high: means[resamples * 0.975 - 1] ?? 0 };
}
