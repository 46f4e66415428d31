/** The item with the lowest cost, the first of equals; undefined only for an empty list. */
export function lowest<T>(items: readonly T[], costOf: (item: T) => number): T | undefined {
  let best: T | undefined;
  let bestCost = Infinity;
  for (const item of items) {
    const cost = costOf(item);
    if (best !== undefined && cost >= bestCost) continue;
    best = item;
    bestCost = cost;
  }
  return best;
}
