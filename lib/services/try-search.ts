import type { Actor } from "../core/access/actor.ts";
import { tracedTerm, type TracedTerm } from "../core/rag/answer-trace.ts";
import { withNeighbours } from "../core/rag/neighbour-text.ts";
import { retrievalSettings, type RetrievalSettings } from "../core/rag/rank-candidates.ts";
import type { RankedPlace } from "../core/rag/ranked-place.ts";
import { milliseconds } from "../core/time/milliseconds.ts";
import type { ChunkSearch } from "../ports/chunk-search.ts";
import type { Clock } from "../ports/clock.ts";
import { listedPassage, type ListedPassage } from "./read-trace.ts";
import type { RetrieveChunks } from "./retrieve-chunks.ts";

/** What can be tried; nothing of it changes how questions are answered. */
export interface TriedSettings extends RetrievalSettings {
  /** Passages that an answer would get, k. */
  readonly limit: number;
  /** Characters of the passages beside it that a passage is widened by on each side, at most. */
  readonly neighbourChars: number;
  /** Only words as this text-search language stems them; `null`: those of every document's own. */
  readonly language: string | null;
}

export interface TriedSearch {
  readonly settings: TriedSettings;
  readonly lexicalOnly: boolean;
  readonly terms: readonly TracedTerm[];
  /** The first 50 candidates in the fused order. */
  readonly ranking: readonly RankedPlace[];
  /** Those of the ranking; the range of what would be shown is widened by its neighbours, its text is not. */
  readonly passages: readonly ListedPassage[];
  readonly tookMs: number;
}

export interface SearchTrial {
  readonly text: string;
  readonly previousQuestion?: string;
  readonly collectionIds: readonly string[];
  /** One search for each. */
  readonly settings: readonly TriedSettings[];
}

export type TrySearch = (
  actor: Actor,
  trial: SearchTrial,
  signal: AbortSignal,
) => Promise<readonly TriedSearch[]>;

const longestMs = 10_000;

/** Then the search is that of answers, which may share out its legs by the languages of question and passages. */
const areInForce = (tried: TriedSettings): boolean =>
  Object.entries(retrievalSettings).every(
    ([name, value]) => tried[name as keyof RetrievalSettings] === value,
  );

/** The product's own search with other parameters, one after the other, so that they can be laid side by side. */
export function createTrySearch(deps: {
  readonly retrieve: RetrieveChunks;
  readonly search: Pick<ChunkSearch, "load">;
  readonly clock: Clock;
}): TrySearch {
  const once = async (
    actor: Actor,
    trial: SearchTrial,
    settings: TriedSettings,
    signal: AbortSignal,
  ): Promise<TriedSearch> => {
    const startedAt = deps.clock.now();
    const deadline = milliseconds(startedAt + longestMs);
    const { text, previousQuestion, collectionIds } = trial;
    const found = await deps.retrieve(
      actor,
      {
        ...{ text, collectionIds, limit: settings.limit },
        ...(areInForce(settings) ? {} : { settings }),
        ...(previousQuestion === undefined ? {} : { previousQuestion }),
        ...(settings.language === null ? {} : { language: settings.language }),
      },
      { class: "interactive", client: actor.userId, deadline, signal },
    );
    const tookMs = Math.round(deps.clock.now() - startedAt);
    const shown = new Map(
      found.chunks.map((chunk) => {
        const { charStart, charEnd } = withNeighbours(chunk, settings.neighbourChars);
        return [chunk.chunkId, { ...listedPassage(chunk), charStart, charEnd }];
      }),
    );
    const others = found.ranking.map(({ chunkId }) => chunkId).filter((id) => !shown.has(id));
    const loaded = (await deps.search.load(actor, others)).map(listedPassage);
    const { lexicalOnly, ranking } = found;
    const terms = found.terms.map(tracedTerm);
    const passages = [...shown.values(), ...loaded];
    return { settings, lexicalOnly, terms, ranking, passages, tookMs };
  };
  return async (actor, trial, signal) => {
    const tried: TriedSearch[] = [];
    for (const settings of trial.settings) tried.push(await once(actor, trial, settings, signal));
    return tried;
  };
}
