import { cachedKinds, type CachedKind, type TierName } from "../core/cache/cached-kinds.ts";
import type { CacheCounters, TierCount } from "../ports/cache-counters.ts";
import type { CacheValue } from "../ports/cache-tier.ts";
import type { Clock } from "../ports/clock.ts";
import type { GuardedTier } from "./guarded-tier.ts";

export interface NewValue {
  /** Everything that the value depends on, of any length. */
  readonly about: string;
  readonly value: Uint8Array;
}

export interface CacheOptions {
  /** Bulk work would push out of memory what people ask for. */
  readonly leavesMemoryAlone?: boolean;
  /** Told when the faster tiers have nothing and the database is asked. */
  readonly onSlow?: () => void;
}

/** The tiers as one: what one of them holds is found, and the faster ones get it too. Never throws and never waits for a write. */
export interface TieredCache {
  /** In the order of `abouts`; `null` for what no tier has. */
  read(
    kind: CachedKind,
    abouts: readonly string[],
    options?: CacheOptions,
  ): Promise<readonly (Uint8Array | null)[]>;
  write(kind: CachedKind, values: readonly NewValue[], options?: CacheOptions): void;
  remove(kind: CachedKind, abouts: readonly string[]): void;
  /** Resolves when all that was begun has ended. */
  settled(): Promise<void>;
  /** Which tiers there are and whether they answer. */
  states(): readonly { readonly tier: TierName; readonly isWorking: boolean }[];
}

export interface TieredCacheDeps {
  /** Fastest first. */
  readonly tiers: readonly GuardedTier[];
  readonly counters: Pick<CacheCounters, "tier">;
  readonly clock: Pick<Clock, "wallTime">;
  /** A short name of a text: equal for equal texts only. */
  readonly digest: (text: string) => string;
  /** Waited for before what somebody waits for is written to a slow tier: what they need next goes first. */
  readonly later?: () => Promise<void>;
}

/** Writes that are under way at once; what comes on top is not kept. */
const mostWrites = 64;

export function createTieredCache(deps: TieredCacheDeps): TieredCache {
  const { tiers, digest, later = () => Promise.resolve() } = deps;
  const underWay = new Set<Promise<void>>();
  const keyOf = (kind: CachedKind, about: string): string => `${kind}:${digest(about)}`;

  const tiersOf = (kind: CachedKind, { leavesMemoryAlone = false }: CacheOptions) => {
    const names: readonly TierName[] = cachedKinds[kind].tiers;
    return tiers.filter(
      ({ name }) => names.includes(name) && !(leavesMemoryAlone && name === "memory"),
    );
  };
  const begin = (work: Promise<void>): void => {
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  };
  const writeTo = (
    some: readonly GuardedTier[],
    values: readonly CacheValue[],
    { leavesMemoryAlone: isBulk = false }: CacheOptions = {},
  ): void => {
    for (const tier of values.length === 0 ? [] : some) {
      const isNow = isBulk || tier.name === "memory";
      if (tier.name !== "memory" && underWay.size >= mostWrites) continue;
      begin(isNow ? tier.write(values) : later().then(() => tier.write(values)));
    }
  };

  return {
    async read(kind, abouts, options = {}) {
      const keys = abouts.map((about) => keyOf(kind, about));
      const found = new Map<string, Uint8Array>();
      const faster: GuardedTier[] = [];
      for (const tier of tiersOf(kind, options)) {
        const wanted = [...new Set(keys)].filter((key) => !found.has(key));
        if (wanted.length === 0) break;
        const { values, isAnswered } = await readFrom(tier, wanted, options);
        const here = wanted.flatMap((key, place) => {
          const value = values[place];
          return value == null ? [] : [{ key, value, keepMs: cachedKinds[kind].keepMs }];
        });
        count(deps, { kind, tier: tier.name }, wanted.length, isAnswered ? here.length : null);
        for (const { key, value } of here) found.set(key, value);
        writeTo(faster, here);
        faster.push(tier);
      }
      return keys.map((key) => found.get(key) ?? null);
    },
    write(kind, values, options = {}) {
      const { keepMs } = cachedKinds[kind];
      const kept = values.map(({ about, value }) => ({ key: keyOf(kind, about), value, keepMs }));
      writeTo(tiersOf(kind, options), kept, options);
    },
    remove(kind, abouts) {
      const keys = abouts.map((about) => keyOf(kind, about));
      for (const tier of tiersOf(kind, {})) begin(tier.remove(keys));
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    states: () => tiers.map((tier) => ({ tier: tier.name, isWorking: tier.isWorking() })),
  };
}

function readFrom(tier: GuardedTier, keys: readonly string[], { onSlow }: CacheOptions) {
  if (tier.name === "database") onSlow?.();
  return tier.read(keys);
}

/** @param found `null` when the tier could not be asked */
function count(
  { counters, clock }: TieredCacheDeps,
  of: Pick<TierCount, "kind" | "tier">,
  asked: number,
  found: number | null,
): void {
  const at = clock.wallTime();
  if (found === null) {
    counters.tier({ ...of, result: "failed" }, at, asked);
    return;
  }
  if (found > 0) counters.tier({ ...of, result: "hit" }, at, found);
  if (asked > found) counters.tier({ ...of, result: "miss" }, at, asked - found);
}
