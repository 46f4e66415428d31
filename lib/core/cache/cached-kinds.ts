/** Fastest first. */
export const tierNames = ["memory", "redis", "database"] as const;
export type TierName = (typeof tierNames)[number];

export interface KindOfCached {
  readonly tiers: readonly TierName[];
  readonly keepMs: number;
}

const dayMs = 24 * 60 * 60 * 1000;

/** What is cached, where and for how long. None of it can become wrong: the keys hold everything that it depends on. */
export const cachedKinds = {
  embedding: { tiers: ["memory", "redis", "database"], keepMs: 30 * dayMs },
  /** Of sentences that evidence was chosen from: many, and soon forgotten. */
  sentence: { tiers: ["memory", "redis"], keepMs: dayMs },
  retrieval: { tiers: ["memory", "redis", "database"], keepMs: dayMs },
  /** Of a cross-encoder: minutes of idle time. */
  calibration: { tiers: ["memory", "redis", "database"], keepMs: 90 * dayMs },
  /** In the database they are rows of their own, with their evidence. */
  answer: { tiers: ["memory", "redis"], keepMs: 7 * dayMs },
} as const satisfies Record<string, KindOfCached>;

export type CachedKind = keyof typeof cachedKinds;

/** Bytes that each tier keeps at most. Redis keeps to its own `maxmemory`; the database holds values and answers, half each. */
export const tierBytes = {
  memory: 10_000_000,
  databaseValues: 5_000_000_000,
  databaseAnswers: 5_000_000_000,
} as const;
