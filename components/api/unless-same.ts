/** What says nothing new stays the same object: nothing is painted again for it. */
export const unlessSame = <T>(now: T, before: T | null | undefined): T =>
  before != null && JSON.stringify(now) === JSON.stringify(before) ? before : now;
