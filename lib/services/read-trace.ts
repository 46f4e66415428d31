import type { Actor } from "../core/access/actor.ts";
import type { AnswerTraces, TracedAnswer } from "../ports/answer-traces.ts";
import type { ChunkSearch, FoundChunk } from "../ports/chunk-search.ts";
import { passageOf, type Passage } from "./source-of.ts";

/** A passage as a list shows it. */
export interface ListedPassage extends Passage {
  /** Why it looks like instructions to a model. */
  readonly flags: readonly string[];
}

export interface ReadableTrace extends TracedAnswer {
  /** Those that exist now and that the admin may read; files attached to someone's chat are not among them. */
  readonly passages: readonly ListedPassage[];
}

export type ReadTrace = (actor: Actor, answerId: string) => Promise<ReadableTrace>;

export const listedPassage = (chunk: FoundChunk): ListedPassage => ({
  ...passageOf(chunk),
  flags: chunk.flags,
});

/** A trace with the passages that it names, read now with the rights of who looks. */
export function createReadTrace(deps: {
  readonly traces: Pick<AnswerTraces, "read">;
  readonly search: Pick<ChunkSearch, "load">;
  readonly refusalsShown: () => boolean;
}): ReadTrace {
  return async (actor, answerId) => {
    const traced = await deps.traces.read(actor, answerId, {
      refusalsShown: deps.refusalsShown(),
    });
    const { search = null, sources = [] } = traced.trace ?? {};
    const named = [...sources, ...(search?.ranking ?? [])].map(({ chunkId }) => chunkId);
    const found = await deps.search.load(actor, [...new Set(named)]);
    return { ...traced, passages: found.map(listedPassage) };
  };
}
