/** Cosine of two L2-normalised vectors, -1 to 1; 0 when their lengths differ. */
export function cosineOf(one: readonly number[], other: readonly number[]): number {
  if (one.length !== other.length) return 0;
  let sum = 0;
  for (let index = 0; index < one.length; index += 1)
    sum += (one[index] ?? 0) * (other[index] ?? 0);
  return Math.max(-1, Math.min(1, sum));
}
