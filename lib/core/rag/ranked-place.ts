/** A candidate in the order of the fused score, with its places in both legs (from 1, `null`: that leg says nothing of it). */
export interface RankedPlace {
  readonly chunkId: string;
  readonly lexicalRank: number | null;
  readonly lexicalScore: number;
  readonly vectorRank: number | null;
  readonly cosine: number | null;
  readonly score: number;
  /** `copy`: another passage says the same and stands above it. */
  readonly outcome: "shown" | "copy" | "cut";
}
