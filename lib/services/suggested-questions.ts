import type { Actor } from "../core/access/actor.ts";
import { questionFor } from "../core/rag/suggested-question.ts";
import { milliseconds } from "../core/time/milliseconds.ts";
import type { ChunkSearch, RankedChunk } from "../ports/chunk-search.ts";
import type { Clock } from "../ports/clock.ts";
import type { CollectionStore } from "../ports/collection-store.ts";
import type { Turn } from "../ports/conversation-store.ts";
import type { DemoAssets } from "../ports/demo-assets.ts";
import type { RetrieveChunks } from "./retrieve-chunks.ts";

export interface SuggestionDeps {
  readonly collections: Pick<CollectionStore, "list">;
  readonly search: Pick<ChunkSearch, "headings">;
  readonly retrieve: RetrieveChunks;
  readonly assets: Pick<DemoAssets, "questions">;
  readonly clock: Clock;
}

/** How many are made, and how urgent that is. */
export interface SuggestionOptions {
  readonly most: number;
  readonly class: "interactive" | "prewarm";
}

/** A question, and how to tell that what was retrieved for it answers it. */
interface Proposal {
  readonly question: string;
  readonly isAnsweredBy: (chunk: RankedChunk) => boolean;
}

interface HeadingProposal extends Proposal {
  readonly documentId: string;
  readonly heading: string;
}

const mostQuestions = 3;
const mostTried = 8;
/** More than are wanted are tried: not every heading's passage is found by its question. */
const triedShare = mostTried / mostQuestions;
const shownOptions: SuggestionOptions = { most: mostQuestions, class: "interactive" };
const headingCount = 60;
const retrievalMs = 5000;
const seenChunks = 4;

async function demoProposals(deps: SuggestionDeps): Promise<Proposal[]> {
  return (await deps.assets.questions()).map(({ question, answeredBy }) => ({
    question,
    isAnsweredBy: (chunk) =>
      chunk.text.replaceAll(/\s+/g, " ").toLowerCase().includes(answeredBy.toLowerCase()),
  }));
}

async function headingProposals(
  deps: SuggestionDeps,
  actor: Actor,
  collectionIds: readonly string[],
): Promise<HeadingProposal[]> {
  const headings = await deps.search.headings(actor, { collectionIds }, headingCount);
  const byDocument = Map.groupBy(headings, ({ documentId }) => documentId);
  const proposals = [...byDocument.values()].map((found) =>
    found.flatMap(({ documentId, documentTitle, heading }): HeadingProposal[] => {
      const question = questionFor(documentTitle, heading);
      if (question === null) return [];
      const isAnsweredBy = (chunk: RankedChunk) =>
        chunk.documentId === documentId && chunk.headingPath.includes(heading);
      return [{ question, isAnsweredBy, documentId, heading }];
    }),
  );
  // The first of each document, then the second of each, so that no document takes all places.
  const deepest = Math.max(0, ...proposals.map((each) => each.length));
  return Array.from({ length: deepest }, (_, place) =>
    proposals.flatMap((each) => each[place] ?? []),
  ).flat();
}

/** The first of `proposals` whose own passage comes back among the first when they are asked. */
async function answeredOnes(
  deps: SuggestionDeps,
  actor: Actor,
  proposals: readonly Proposal[],
  collectionIds: readonly string[],
  signal: AbortSignal,
  { most, class: workClass }: SuggestionOptions = shownOptions,
): Promise<readonly string[]> {
  const questions: string[] = [];
  for (const { question, isAnsweredBy } of proposals) {
    if (questions.length === most) break;
    if (questions.includes(question)) continue;
    const found = await deps.retrieve(
      actor,
      { text: question, collectionIds, limit: seenChunks },
      {
        class: workClass,
        client: workClass === "prewarm" ? "prewarm" : actor.userId,
        deadline: milliseconds(deps.clock.now() + retrievalMs),
        signal,
      },
    );
    if (found.chunks.some(isAnsweredBy)) questions.push(question);
  }
  return questions;
}

const sameWords = (one: string, other: string): boolean =>
  one.replaceAll(/[^\p{L}\p{N}]/gu, "").toLowerCase() ===
  other.replaceAll(/[^\p{L}\p{N}]/gu, "").toLowerCase();

/** What the documents of an answer answer as well: questions out of their other parts, each tried as suggestions are. */
export function createFollowUpQuestions(deps: SuggestionDeps) {
  return async (
    actor: Actor,
    answer: Pick<Turn, "question" | "snapshot">,
    signal: AbortSignal,
  ): Promise<readonly string[]> => {
    const sources = answer.snapshot?.sources ?? [];
    const shown = new Set(sources.flatMap(({ headingPath }) => headingPath));
    const documents = new Set(sources.map(({ documentId }) => documentId));
    const collectionIds = [...new Set(sources.map(({ collectionId }) => collectionId))];
    if (collectionIds.length === 0) return [];
    const proposals = await headingProposals(deps, actor, collectionIds);
    const others = proposals.filter(
      ({ question, documentId, heading }) =>
        documents.has(documentId) && !shown.has(heading) && !sameWords(question, answer.question),
    );
    return answeredOnes(deps, actor, others.slice(0, mostTried), collectionIds, signal);
  };
}

/** Questions out of the documents themselves, three unless said; each was asked once, and its own passage came back among the first. */
export function createSuggestedQuestions(deps: SuggestionDeps) {
  return async (
    actor: Actor,
    collectionIds: readonly string[],
    signal: AbortSignal,
    options: SuggestionOptions = shownOptions,
  ): Promise<readonly string[]> => {
    const readable = await deps.collections.list(actor);
    const asked = readable.filter(
      ({ id }) => collectionIds.length === 0 || collectionIds.includes(id),
    );
    const demo = asked.some(({ isDemo }) => isDemo) ? await demoProposals(deps) : [];
    const ids = asked.filter(({ isDemo }) => !isDemo).map(({ id }) => id);
    const own = ids.length === 0 ? [] : await headingProposals(deps, actor, ids);
    // People's own documents first: the demonstration steps back once there are some.
    const proposals = [...own.slice(0, Math.ceil(options.most * triedShare)), ...demo];
    return answeredOnes(deps, actor, proposals, collectionIds, signal, options);
  };
}
