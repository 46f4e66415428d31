import type { ContinuationStore } from "#lib/ports/continuation-store.ts";

/** Results that live as long as the test. `known` answers for what has no result yet. */
export function createMemoryContinuations(
  known: (version: string) => boolean | null = () => null,
): ContinuationStore {
  const results = new Map<string, boolean>();
  const keyOf = (key: { readonly digest: string; readonly version: string }): string =>
    `${key.digest} ${key.version}`;
  return {
    async read(key) {
      return results.get(keyOf(key)) ?? known(key.version);
    },
    async write(key, passed) {
      results.set(keyOf(key), passed);
    },
  };
}
