import type { Candidate } from "./node-view.ts";

/** Any of them, each with the same chance. */
export const randomNode = (candidates: readonly Candidate[], draw: number): Candidate | undefined =>
  candidates[Math.min(Math.floor(draw * candidates.length), candidates.length - 1)];
