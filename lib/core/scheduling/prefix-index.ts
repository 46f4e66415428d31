import type { PrefixChain } from "./prefix-chain.ts";

/** Which prompts the nodes' prefix caches hold, as far as our own requests tell. */
export interface PrefixIndex {
  /** Blocks of the chain's beginning that this place holds. */
  cachedBlocks(place: string, chain: PrefixChain): number;
  /** The place has worked on a prompt with this chain: it becomes the most recent one, the oldest beyond `capacity` is forgotten. */
  remember(place: string, chain: PrefixChain, capacity: number): void;
  /** The caches of these places are empty now: their process was restarted, or the model left memory. */
  forget(place: string): void;
}

interface Place {
  /** Prompts by the hash of their last block, the least recent first. */
  readonly prompts: Map<string, readonly string[]>;
  /** How many of the prompts hold a block. */
  readonly holders: Map<string, number>;
}

export function createPrefixIndex(): PrefixIndex {
  const places = new Map<string, Place>();

  return {
    cachedBlocks(name, chain) {
      const place = places.get(name);
      if (place === undefined) return 0;
      const missing = chain.hashes.findIndex((hash) => !place.holders.has(hash));
      return missing === -1 ? chain.hashes.length : missing;
    },
    remember(name, { hashes }, capacity) {
      if (hashes.length === 0) return;
      const place: Place = places.get(name) ?? { prompts: new Map(), holders: new Map() };
      places.set(name, place);
      // The prompt that this one continues is in the cache as a part of it.
      for (const hash of hashes) remove(place, hash);
      add(place, hashes);
      for (const oldest of place.prompts.keys()) {
        if (place.prompts.size <= capacity) break;
        remove(place, oldest);
      }
    },
    forget: (name) => places.delete(name),
  };
}

function add({ prompts, holders }: Place, hashes: readonly string[]): void {
  const last = hashes.at(-1);
  if (last === undefined) return;
  prompts.set(last, hashes);
  for (const hash of hashes) holders.set(hash, (holders.get(hash) ?? 0) + 1);
}

function remove({ prompts, holders }: Place, last: string): void {
  const hashes = prompts.get(last);
  if (hashes === undefined) return;
  prompts.delete(last);
  for (const hash of hashes) {
    const left = (holders.get(hash) ?? 1) - 1;
    if (left <= 0) holders.delete(hash);
    else holders.set(hash, left);
  }
}
