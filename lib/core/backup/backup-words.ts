/** What is not taken along: whoever holds a backup must not be able to sign in with it. */
export const tablesLeftEmpty: ReadonlySet<string> = new Set([
  "sessions",
  "verifications",
  "one_time_tokens",
]);

/** Tokens of identity providers, by table. */
export const columnsLeftEmpty: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["accounts", new Set(["access_token", "refresh_token", "id_token"])],
]);

/** A name that sorts by time and is a path everywhere: `drover-2026-11-26T17-40-05Z`. */
export const backupName = (at: Date): string =>
  `drover-${at.toISOString().slice(0, 19).replaceAll(":", "-")}Z`;

export function sizeInWords(bytes: number): string {
  if (bytes < 1_000_000) return `${String(Math.ceil(bytes / 1000))} kB`;
  if (bytes < 1_000_000_000) return `${String(Math.round(bytes / 1_000_000))} MB`;
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`;
}
