// The first that fits wins: most browsers also name the ones they descend from.
const browsers: readonly (readonly [RegExp, string])[] = [
  [/Edg\//u, "Edge"],
  [/OPR\//u, "Opera"],
  [/Firefox\//u, "Firefox"],
  [/Chrom(?:e|ium)\//u, "Chrome"],
  [/Safari\//u, "Safari"],
];

const systems: readonly (readonly [RegExp, string])[] = [
  [/iPhone/u, "iPhone"],
  [/iPad/u, "iPad"],
  [/Android/u, "Android"],
  [/Windows/u, "Windows"],
  [/Mac OS X/u, "macOS"],
  [/Linux/u, "Linux"],
];

const firstMatch = (table: typeof browsers, agent: string): string | null =>
  table.find(([pattern]) => pattern.test(agent))?.[1] ?? null;

/** A user agent as people name it: "Firefox on Windows"; `null` when nothing in it is known. */
export const sayAgent = (agent: string | null): string | null => {
  if (agent === null) return null;
  const browser = firstMatch(browsers, agent);
  const system = firstMatch(systems, agent);
  if (browser !== null && system !== null) return `${browser} on ${system}`;
  return browser ?? system;
};
