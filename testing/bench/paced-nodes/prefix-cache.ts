/** Remembers the last prompts of a model, as an engine's slots and its cache in memory do. */
export interface PrefixCache {
  /** Tokens at the start that a remembered prompt shares; the last one is always computed. */
  readonly shared: (tokens: readonly string[]) => number;
  readonly remember: (tokens: readonly string[]) => void;
}

const commonLength = (one: readonly string[], other: readonly string[]): number => {
  const most = Math.min(one.length, other.length);
  let at = 0;
  while (at < most && one[at] === other[at]) at += 1;
  return at;
};

export function createPrefixCache(capacity: number): PrefixCache {
  let prompts: (readonly string[])[] = [];
  return {
    shared: (tokens) =>
      Math.min(
        tokens.length - 1,
        Math.max(0, ...prompts.map((prompt) => commonLength(prompt, tokens))),
      ),
    remember(tokens) {
      // A longer prompt of the same conversation takes the place of the shorter one.
      const others = prompts.filter((prompt) => commonLength(prompt, tokens) < prompt.length);
      prompts = [...others, tokens].slice(-capacity);
    },
  };
}
