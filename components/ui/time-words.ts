const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A moment as people say it: "just now", "4 min ago", "yesterday", "12 March". */
export const sayMoment = (thenMs: number, nowMs: number, locale?: string): string => {
  const agoMs = nowMs - thenMs;
  if (agoMs < minuteMs) return "just now";
  if (agoMs < hourMs) return `${String(Math.floor(agoMs / minuteMs))} min ago`;
  if (agoMs < dayMs) return `${String(Math.floor(agoMs / hourMs))} h ago`;
  if (agoMs < 2 * dayMs) return "yesterday";
  const sameYear = new Date(thenMs).getFullYear() === new Date(nowMs).getFullYear();
  return new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: sameYear ? "long" : "short",
    ...(sameYear ? {} : { year: "numeric" }),
  }).format(thenMs);
};

/** The exact moment, for hovering. */
export const sayExactly = (thenMs: number, locale?: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" }).format(thenMs);

/** A length of time to wait: "about 8 s", "about 3 min". */
export const sayWait = (waitMs: number): string => {
  if (waitMs < 1_500) return "about a second";
  if (waitMs < 55_000) return `about ${String(Math.round(waitMs / 1_000))} s`;
  if (waitMs < 55 * minuteMs)
    return `about ${String(Math.max(1, Math.round(waitMs / minuteMs)))} min`;
  return `about ${String(Math.max(1, Math.round(waitMs / hourMs)))} h`;
};

const units = ["B", "kB", "MB", "GB", "TB"] as const;

/** A size with its unit, in steps of 1000. */
export const saySize = (bytes: number, locale?: string): string => {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = value < 10 && unit > 0 ? 1 : 0;
  const shown = new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
  return `${shown} ${units[unit] ?? "B"}`;
};

/** Grouped as the reader is used to. The first formatter of a page takes a long moment: small numbers need none. */
const grouped = (count: number, locale: string | undefined): string =>
  count < 1_000 ? String(count) : new Intl.NumberFormat(locale).format(count);

export const sayCount = (count: number, one: string, many: string, locale?: string): string =>
  `${grouped(count, locale)} ${count === 1 ? one : many}`;
