// At four times the limit size and past no longer count. At the limit itself would be too soon: in a rush the large ones that have grown old
// hold up the small, which grow old in turn.
const fadesOver = 3;

/**
 * Share of a request's cost that its long wait leaves: all of it up to the limit, then less and less, and nothing from four times the limit
 * on, where it goes before everything that is not as old.
 */
export const costLeft = (waitedMs: number, ageLimitMs: number): number =>
  waitedMs <= ageLimitMs ? 1 : Math.max(1 - (waitedMs - ageLimitMs) / (fadesOver * ageLimitMs), 0);
