import { createMemoryTier } from "#lib/adapters/memory/memory-tier.ts";
import type { CacheTier } from "#lib/ports/cache-tier.ts";
import type { Clock } from "#lib/ports/clock.ts";
import { guardTier } from "#lib/services/guarded-tier.ts";
import { createTieredCache, type TieredCache } from "#lib/services/tiered-cache.ts";

/** The product's cache over these tiers, by default memory alone, with nobody counting. */
export function startTieredCache(
  clock: Clock,
  tiers: readonly CacheTier[] = [createMemoryTier({ clock, mostBytes: 10_000_000 })],
): TieredCache {
  const onFault = (): undefined => undefined;
  return createTieredCache({
    tiers: tiers.map((tier) => guardTier({ tier, clock, timeoutMs: 250, onFault })),
    counters: { tier: () => undefined },
    clock,
    digest: (text) => text,
  });
}
