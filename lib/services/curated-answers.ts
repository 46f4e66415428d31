import type { Actor } from "../core/access/actor.ts";
import { exactText } from "../core/cache/answer-key.ts";
import { proveByRanking, proveBySnapshot } from "../core/cache/hit-proof.ts";
import { questionForm } from "../core/cache/question-form.ts";
import type { AnswerSnapshot } from "../core/chat/events.ts";
import { emptyAnswer } from "../core/chat/fold-answer.ts";
import { AppError } from "../core/errors/app-error.ts";
import { chooseEvidence, evidenceCandidates } from "../core/rag/evidence.ts";
import { splitSentences } from "../core/rag/sentences.ts";
import type { ModelCall } from "../local-models.ts";
import type { AnswerCacheStore } from "../ports/answer-cache-store.ts";
import type {
  CachePrewarmStore,
  CuratedAnswer,
  ListedQuestion,
} from "../ports/cache-prewarm-store.ts";
import type { ChunkSearch, FoundChunk, RankedChunk } from "../ports/chunk-search.ts";
import { vettedScope } from "./prove-hit.ts";
import type { RetrieveChunks } from "./retrieve-chunks.ts";
import { sourceOf } from "./source-of.ts";

export interface CuratedAnswersDeps {
  readonly store: AnswerCacheStore;
  readonly prewarm: Pick<CachePrewarmStore, "list">;
  readonly search: Pick<ChunkSearch, "load">;
  readonly retrieve: RetrieveChunks;
  readonly fingerprint: () => { readonly embedder: string };
  readonly newId: () => string;
}

/** Whether people are given it: its passages stand, or they changed and an admin has to look. */
export type CuratedState = "in-force" | "needs-review";

export interface CuratedAnswers {
  /** Passages that may carry an answer to the question, best first. */
  passages(actor: Actor, question: string, call: ModelCall): Promise<readonly RankedChunk[]>;
  /**
   * Keeps an answer in the admin's words for everyone who may read the passages it stands on.
   * @throws AppError `bad_request` when a passage is not there any more, `conflict` when documents changed meanwhile or the same answer was called wrong
   */
  save(
    actor: Actor,
    curated: {
      readonly question: string;
      readonly answer: string;
      readonly chunkIds: readonly string[];
    },
    call: ModelCall,
  ): Promise<ListedQuestion>;
  state(actor: Actor, listed: ListedQuestion): Promise<CuratedState>;
  /** Proves it anew after documents or the embedder changed. */
  refresh(actor: Actor, listed: ListedQuestion, call: ModelCall): Promise<CuratedState>;
}

const passagesShown = 8;

export function createCuratedAnswers(deps: CuratedAnswersDeps): CuratedAnswers {
  const search = (actor: Actor, text: string, call: ModelCall) =>
    deps.retrieve(actor, { text, collectionIds: [], limit: passagesShown }, call);
  return {
    passages: async (actor, question, call) => (await search(actor, question, call)).chunks,
    async save(actor, { question, answer, chunkIds }, call) {
      if (actor.role !== "admin") throw new AppError("forbidden", {});
      const generations = await deps.store.generations(actor, []);
      const found = await search(actor, question, call);
      const chunks = await deps.search.load(actor, chunkIds);
      if (chunks.length !== new Set(chunkIds).size || chunks.length === 0)
        throw new AppError("bad_request", { issues: ["chunkIds: not every passage is there"] });
      const curated: CuratedAnswer = {
        answer,
        snapshot: snapshotOf(question, answer, chunks),
        cited: chunks.map(({ chunkId, contentHash, collectionId }) => ({
          chunkId,
          contentHash,
          collectionId,
        })),
        rankedChunkIds: found.chunks.map(({ chunkId }) => chunkId),
        generations,
      };
      const kept = await put(deps, actor, question, curated, found.vector);
      if (kept !== "kept") throw new AppError("conflict", { reason: kept });
      const text = exactText(question);
      return deps.prewarm.list(actor, { question, exactText: text, collectionIds: [], curated });
    },
    state: (actor, listed) => stateOf(deps, actor, listed),
    refresh: async (actor, listed, call) =>
      refresh(deps, actor, listed, await search(actor, listed.question, call)),
  };
}

/** The sentence of each passage that says most about the question, then the admin's sentences, which stand on all of them. */
function snapshotOf(
  question: string,
  answer: string,
  chunks: readonly FoundChunk[],
): AnswerSnapshot {
  // An admin chose them: none is better than another.
  const chosen = chunks.map((chunk) => ({ ...chunk, lexicalScore: 0, cosine: null, score: 1 }));
  const sources = chosen.map(sourceOf);
  const quotes = chosen.flatMap((chunk, index) => {
    const [best] = chooseEvidence(evidenceCandidates(question, [chunk]), null).quotes;
    if (best === undefined) return [];
    const charStart = chunk.charStart + best.start;
    return { citation: index + 1, text: best.text, charStart, charEnd: chunk.charStart + best.end };
  });
  const citations = sources.map(({ citation }) => citation);
  const sentences = splitSentences(answer).map(({ start, end }) => ({
    text: answer.slice(start, end),
    citations,
    supported: true,
  }));
  return { ...emptyAnswer, sources, quotes, sentences, verdict: "answerable", outcome: "complete" };
}

const put = (
  deps: CuratedAnswersDeps,
  actor: Actor,
  question: string,
  curated: CuratedAnswer,
  vector: readonly number[] | null,
) =>
  deps.store.put(actor, [], {
    scope: vettedScope(actor.workspaceId, deps.fingerprint().embedder),
    question,
    exactText: exactText(question),
    form: questionForm(question)?.text ?? null,
    vector,
    answer: curated.snapshot,
    cited: curated.cited,
    rankedChunkIds: curated.rankedChunkIds,
    generations: curated.generations,
    source: "curated",
    answerId: deps.newId(),
    costMs: 0,
    costTokens: 0,
  });

const entryOf = async (
  { store, fingerprint }: CuratedAnswersDeps,
  actor: Actor,
  question: string,
) =>
  (await store.find(vettedScope(actor.workspaceId, fingerprint().embedder), exactText(question)))
    ?.entry ?? null;

async function stateOf(
  deps: CuratedAnswersDeps,
  actor: Actor,
  { question }: ListedQuestion,
): Promise<CuratedState> {
  const entry = await entryOf(deps, actor, question);
  const now = entry === null ? null : await deps.store.snapshot(actor, [], entry);
  if (entry === null || now === null) return "needs-review";
  return proveBySnapshot(entry, now).kind === "refuted" ? "needs-review" : "in-force";
}

async function refresh(
  deps: CuratedAnswersDeps,
  actor: Actor,
  { question, curated }: ListedQuestion,
  found: Awaited<ReturnType<RetrieveChunks>>,
): Promise<CuratedState> {
  if (curated === null || found.vector === null) return "needs-review";
  const entry = await entryOf(deps, actor, question);
  const known = new Set(curated.rankedChunkIds);
  const generations = await deps.store.generations(actor, []);
  const now = await deps.search.load(
    actor,
    curated.cited.map(({ chunkId }) => chunkId),
  );
  const stands = curated.cited.every(({ chunkId, contentHash }) =>
    now.some((chunk) => chunk.chunkId === chunkId && chunk.contentHash === contentHash),
  );
  const ranking = found.chunks.map(({ chunkId, contentHash }) => ({
    chunkId,
    contentHash,
    isNewer: !known.has(chunkId),
  }));
  const verdict = proveByRanking({ cited: curated.cited, generations }, ranking, "same");
  if (!stands || verdict.kind !== "proven") return "needs-review";
  if (entry !== null) {
    await deps.store.renew(entry.entryId, generations);
    return "in-force";
  }
  const kept = await put(deps, actor, question, { ...curated, generations }, found.vector);
  return kept === "kept" ? "in-force" : "needs-review";
}
