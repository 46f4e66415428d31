/** A browser that never rests does it after this long. */
const latestMs = 2_000;

/** Runs it in a task of its own, so that a page that begins much at once goes on hearing its reader in between. */
export const soon = (work: () => unknown): void => {
  setTimeout(() => void work(), 0);
};

/** Runs what nobody waits for once the page has nothing else to do. */
export const whenIdle = (work: () => unknown): void => {
  // Safari has no such call; there the first paint is over by then.
  if (typeof requestIdleCallback === "function") {
    requestIdleCallback(() => void work(), { timeout: latestMs });
  } else setTimeout(() => void work(), latestMs / 10);
};
