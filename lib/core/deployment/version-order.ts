/** Numbers of a version; what follows a dash or plus does not count. */
const numbersOf = (version: string): readonly number[] =>
  (version.trim().replace(/^v/, "").split(/[-+ ]/)[0] ?? "")
    .split(".")
    .map((part) => Number.parseInt(part, 10) || 0);

/** Whether `version` is older than `least`; versions without numbers count as 0. */
export function isOlder(version: string, least: string): boolean {
  const [own, other] = [numbersOf(version), numbersOf(least)];
  for (let at = 0; at < Math.max(own.length, other.length); at += 1) {
    const difference = (own[at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
