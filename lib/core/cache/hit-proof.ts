/** A chunk that an entry cites, as it was when the answer was made. */
export interface CitedChunk {
  readonly chunkId: string;
  readonly contentHash: string;
  readonly collectionId: string;
}

/** What one snapshot of the database says, for this asker, at serve time. */
export interface ServeSnapshot {
  /** Cited chunks that are published now and that the asker may read now, by id. */
  readonly readable: ReadonlyMap<string, { readonly contentHash: string }>;
  /** Corpus generation now, of every collection in the asker's scope. */
  readonly generations: ReadonlyMap<string, number>;
}

/** A fresh ranking of the asker's scope for the question as asked now, best first. Never read from a cache. */
export type FreshRanking = readonly {
  readonly chunkId: string;
  readonly contentHash: string;
  /** Published after the entry was made. */
  readonly isNewer: boolean;
}[];

export interface ProvenEntry {
  readonly cited: readonly CitedChunk[];
  /** Corpus generation of every collection of the scope when retrieval ran. */
  readonly generations: ReadonlyMap<string, number>;
}

/** `ranking-needed`: nothing is wrong yet, but the corpus moved or the wording differs, so only a fresh ranking can tell. */
export type ProofVerdict =
  | { readonly kind: "proven" }
  | { readonly kind: "ranking-needed" }
  | {
      readonly kind: "refuted";
      readonly reason:
        "no-evidence" | "chunk-changed" | "not-readable" | "better-chunk" | "not-retrieved";
    };

const refuted = (reason: Extract<ProofVerdict, { kind: "refuted" }>["reason"]): ProofVerdict => ({
  kind: "refuted",
  reason,
});

/** Whether the entry's claim still holds for this asker, from what the snapshot says. */
export function proveBySnapshot(entry: ProvenEntry, snapshot: ServeSnapshot): ProofVerdict {
  if (entry.cited.length === 0) return refuted("no-evidence");
  for (const chunk of entry.cited) {
    const now = snapshot.readable.get(chunk.chunkId);
    if (now === undefined) return refuted("not-readable");
    if (now.contentHash !== chunk.contentHash) return refuted("chunk-changed");
  }
  const isUnmoved =
    entry.generations.size === snapshot.generations.size &&
    [...snapshot.generations].every(([id, generation]) => entry.generations.get(id) === generation);
  return isUnmoved ? { kind: "proven" } : { kind: "ranking-needed" };
}

/**
 * The same by a fresh ranking: no chunk that is newer than the entry may stand above its lowest cited one; for another wording every
 * cited chunk has to be found by the new wording too. Ranks of one ranking are compared, never scores of two.
 */
export function proveByRanking(
  entry: ProvenEntry,
  ranking: FreshRanking,
  wording: "same" | "other",
): ProofVerdict {
  const places = entry.cited.map((chunk) =>
    ranking.findIndex(
      (found) => found.chunkId === chunk.chunkId && found.contentHash === chunk.contentHash,
    ),
  );
  if (places.length === 0) return refuted("no-evidence");
  if (places.includes(-1) && wording === "other") return refuted("not-retrieved");
  // A cited chunk below the end of the list has every newer chunk of the list above it.
  const lowest = places.includes(-1) ? ranking.length : Math.max(...places);
  const better = ranking.slice(0, lowest).some((found) => found.isNewer);
  return better ? refuted("better-chunk") : { kind: "proven" };
}
