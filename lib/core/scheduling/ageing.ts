// Half of a person's five minutes: sooner, and in a rush the large ones that have grown old hold up the small, which grow old in turn; later,
// and they would not be served before their deadline.
const fadesOverMs = 150_000;

/**
 * Share of a request's cost that its long wait leaves: all of it up to the limit, then less and less, and nothing from two and a half
 * minutes past it on, where it goes before everything that is not as old.
 */
export const costLeft = (waitedMs: number, ageLimitMs: number): number =>
  waitedMs <= ageLimitMs ? 1 : Math.max(1 - (waitedMs - ageLimitMs) / fadesOverMs, 0);
