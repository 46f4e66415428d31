/**
 * The last of `turns` that fit into a page, in their order; none when even the last is too long.
 * @param mostChars of all of them, written as JSON
 */
export function newestWithin<T>(turns: readonly T[], mostChars: number): readonly T[] {
  let left = mostChars;
  const from = turns.findLastIndex((turn) => {
    left -= JSON.stringify(turn).length;
    return left < 0;
  });
  return turns.slice(from + 1);
}
