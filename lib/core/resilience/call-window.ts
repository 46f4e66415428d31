import { milliseconds, type Milliseconds } from "../time/milliseconds.ts";

/** How many calls fell into a sliding window, oldest slice first: what a busy node costs here does not grow with its calls. */
export type CallWindow = readonly CallSlice[];

interface CallSlice {
  /** Of its first call. */
  readonly since: Milliseconds;
  readonly calls: number;
  readonly failed: number;
}

/** A slice leaves with its first call, so that the others in it are forgotten by this share of the window too early. */
const slicesAWindow = 60;

const within = (window: CallWindow, now: Milliseconds, windowMs: number): CallWindow => {
  const since = milliseconds(now - windowMs);
  const first = window[0];
  return first === undefined || first.since > since
    ? window
    : window.filter((slice) => slice.since > since);
};

/** @param now at or after every call before it */
export function withWindowCall(
  window: CallWindow,
  now: Milliseconds,
  { windowMs, failed = false }: { readonly windowMs: number; readonly failed?: boolean },
): CallWindow {
  const recent = within(window, now, windowMs);
  const last = recent.at(-1);
  const count = failed ? 1 : 0;
  if (last === undefined || now >= last.since + windowMs / slicesAWindow)
    return [...recent, { since: now, calls: 1, failed: count }];
  return recent.with(-1, { ...last, calls: last.calls + 1, failed: last.failed + count });
}

/** What the window holds at this moment. */
export function windowTotals(
  window: CallWindow,
  now: Milliseconds,
  windowMs: number,
): { readonly calls: number; readonly failed: number } {
  let [calls, failed] = [0, 0];
  for (const slice of within(window, now, windowMs)) {
    calls += slice.calls;
    failed += slice.failed;
  }
  return { calls, failed };
}
