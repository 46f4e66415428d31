import type { Clock } from "../ports/clock.ts";

const unreadForMs = 1000;

/**
 * Releases some time after `ends`: a reader that neither reads on nor leaves holds the generator, and must not hold what that has.
 * @returns to be called when the generator has ended by itself
 */
export function releaseUnread(clock: Clock, ends: AbortSignal, release: () => void): () => void {
  const ended = new AbortController();
  const later = (): void => {
    clock.sleep(unreadForMs, ended.signal).then(release, () => undefined);
  };
  ends.addEventListener("abort", later, { once: true });
  return () => {
    ends.removeEventListener("abort", later);
    ended.abort();
  };
}
