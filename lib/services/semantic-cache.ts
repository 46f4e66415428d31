import type { Actor } from "../core/access/actor.ts";
import {
  bypassReason,
  keptAnswer,
  looksLikeInstruction,
  refusalToKeep,
  type BypassReason,
} from "../core/cache/admission.ts";
import { exactText, scopeText } from "../core/cache/answer-key.ts";
import { proveByRanking, proveBySnapshot } from "../core/cache/hit-proof.ts";
import { questionForm } from "../core/cache/question-form.ts";
import type { AnswerSnapshot } from "../core/chat/events.ts";
import type { Generations } from "../core/rag/corpus-state.ts";
import type { AnswerCacheStore, CachedAnswer, LookupCount } from "../ports/answer-cache-store.ts";
import type { CacheCounters } from "../ports/cache-counters.ts";
import type { Clock } from "../ports/clock.ts";
import type { Retrieval } from "./retrieve-chunks.ts";
import { proposeSemantic } from "./propose-semantic.ts";

/** What of a question the cache has to know. Every field is part of the key, decides whether the cache is asked, or changes nothing. */
export interface CacheQuestion {
  readonly answerId: string;
  readonly question: string;
  readonly collectionIds: readonly string[];
  readonly standsAlone: boolean;
  /** Earlier turns are told to the model: the answer may rest on them. */
  readonly usesHistory: boolean;
  readonly asksAgain: boolean;
  /** What the collections asked want of the answer (`instructionsKey`). */
  readonly instructions: string;
}

export interface CacheHit {
  readonly by: "exact" | "alias" | "semantic";
  readonly entry: CachedAnswer;
}

/** One question's way through the cache. Every fault on it is a miss. */
export interface CacheTurn {
  /** Whether `known` would give an answer now; counts nothing. */
  holds(): Promise<boolean>;
  /** Exact text or alias, proven without a search. */
  known(): Promise<CacheHit | null>;
  /** What only a fresh search can prove: known wordings after the corpus moved, and other wordings. */
  provenBy(found: Retrieval): Promise<CacheHit | null>;
  /** Keeps a finished answer, if it may be kept and nothing moved since the question came. */
  keep(answer: AnswerSnapshot, found: Retrieval, completionTokens: number): Promise<void>;
}

export interface SemanticCache {
  begin(actor: Actor, asked: CacheQuestion): Promise<CacheTurn>;
}

export interface SemanticCacheDeps {
  readonly store: AnswerCacheStore;
  readonly counters: Pick<CacheCounters, "answer">;
  readonly clock: Clock;
  readonly settings: () => { readonly answers: boolean; readonly similar: boolean };
  /** Weights and engines of the models in use; an answer of others is another answer. */
  readonly fingerprint: () => { readonly chat: string; readonly embedder: string };
  /** Changes with prompts, sampling, checks and the choice of evidence. */
  readonly answerVersion: number;
  readonly report: (error: unknown, context: string) => void;
}

interface Lookup {
  readonly actor: Actor;
  readonly asked: CacheQuestion;
  readonly scope: string;
  readonly generations: Generations;
  readonly startedAt: number;
  /** An entry of this wording whose corpus moved: the search has to prove it. */
  open: CacheHit | null;
  reason: string;
}

const noTurn: CacheTurn = {
  holds: () => Promise.resolve(false),
  known: () => Promise.resolve(null),
  provenBy: () => Promise.resolve(null),
  keep: () => Promise.resolve(),
};

/** Answers that were given before, each proven anew before it is given again (reference/retrieval-and-cache.md section 6). */
export function createSemanticCache(deps: SemanticCacheDeps): SemanticCache {
  const guarded = async <T>(context: string, fallback: T, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      deps.report(error, `answer cache: ${context}`);
      return fallback;
    }
  };
  return {
    begin: (actor, asked) =>
      guarded("begin", noTurn, async () => {
        const startedAt = deps.clock.now();
        const bypassed = deps.settings().answers ? bypassReason(bypassable(asked)) : "switched-off";
        if (bypassed !== null) countBypass(deps, actor, bypassed);
        // "Ask again" is not looked up, but its answer takes the old one's place.
        if (bypassed !== null && bypassed !== "asked-again") return noTurn;
        const generations = await deps.store.generations(actor, asked.collectionIds);
        const scope = scopeFor(deps, actor, asked, generations);
        const lookup = { actor, asked, scope, generations, startedAt, open: null, reason: "new" };
        const turn = turnOf(deps, lookup, guarded);
        return bypassed === null
          ? turn
          : { ...noTurn, keep: (...finished) => turn.keep(...finished) };
      }),
  };
}

const bypassable = ({ question, standsAlone, asksAgain }: CacheQuestion) => ({
  text: question,
  standsAlone,
  asksAgain,
  hasPrivateAttachment: false,
});

const countBypass = (deps: SemanticCacheDeps, actor: Actor, reason: BypassReason): void => {
  if (reason !== "switched-off")
    count(deps, actor, { result: "bypassed", reason, savedMs: 0, savedTokens: 0 });
};

const count = (deps: SemanticCacheDeps, actor: Actor, lookup: LookupCount): void => {
  deps.counters.answer(actor.workspaceId, deps.clock.wallTime(), lookup);
};

const scopeFor = (
  { fingerprint, answerVersion }: SemanticCacheDeps,
  actor: Actor,
  { collectionIds, instructions }: CacheQuestion,
  generations: Generations,
): string => {
  const { chat, embedder } = fingerprint();
  return scopeText({
    workspaceId: actor.workspaceId,
    collectionIds,
    readableCollectionIds: [...generations.keys()],
    chatModel: chat,
    embedder,
    answerVersion,
    instructions,
  });
};

type Guarded = <T>(context: string, fallback: T, work: () => Promise<T>) => Promise<T>;

function turnOf(deps: SemanticCacheDeps, lookup: Lookup, guarded: Guarded): CacheTurn {
  const { actor, asked } = lookup;
  return {
    holds: () =>
      guarded("peek", false, async () => {
        const found = await deps.store.find(lookup.scope, exactText(asked.question));
        return found !== null && (await proveNow(deps, lookup, found.entry)) === "proven";
      }),
    known: () =>
      guarded("look up", null, async () => {
        const found = await deps.store.find(lookup.scope, exactText(asked.question));
        if (found === null) return null;
        const verdict = await proveNow(deps, lookup, found.entry);
        if (verdict === "proven") return served(deps, lookup, found);
        if (verdict === "ranking-needed") lookup.open = found;
        else lookup.reason = `stale: ${verdict}`;
        return null;
      }),
    provenBy: (found) =>
      guarded("prove", null, async () => {
        const hit =
          (await proveOpen(deps, lookup, found)) ?? (await provenOther(deps, lookup, found));
        if (hit !== null) return served(deps, lookup, hit);
        count(deps, actor, { ...nothingSaved, result: "miss", reason: lookup.reason });
        return null;
      }),
    keep: (answer, found, completionTokens) =>
      guarded("keep", undefined, async () => {
        const flagged = [asked.question, ...found.chunks.map(({ text }) => text)];
        const isFlagged =
          flagged.some(looksLikeInstruction) || found.chunks.some(({ flags }) => flags.length > 0);
        if (refusalToKeep({ snapshot: answer, isFlagged }) !== null || asked.usesHistory) return;
        await write(deps, lookup, answer, found, completionTokens);
      }),
  };
}

const nothingSaved = { savedMs: 0, savedTokens: 0 };

async function proveNow(deps: SemanticCacheDeps, lookup: Lookup, entry: CachedAnswer) {
  const { actor, asked, generations } = lookup;
  const now = await deps.store.snapshot(actor, asked.collectionIds, entry);
  if (now === null) return "removed";
  // What may be read has changed since the key was made: the key is another one now.
  if (!sameCollections(now.generations, generations)) return "scope-changed";
  const verdict = proveBySnapshot(entry, now);
  return verdict.kind === "refuted" ? verdict.reason : verdict.kind;
}

const sameCollections = (one: Generations, other: Generations): boolean =>
  one.size === other.size && [...one.keys()].every((id) => other.has(id));

/** The wording is known, the corpus moved: the fresh ranking decides, if nothing moved while it was made. */
async function proveOpen(
  deps: SemanticCacheDeps,
  lookup: Lookup,
  found: Retrieval,
): Promise<CacheHit | null> {
  const { open } = lookup;
  if (open === null) return null;
  const wording = open.by === "alias" ? "other" : "same";
  const fault = await rankingFault(deps, lookup, open.entry, found, wording);
  if (fault === null) return open;
  lookup.reason = `stale: ${fault}`;
  return null;
}

async function provenOther(
  deps: SemanticCacheDeps,
  lookup: Lookup,
  found: Retrieval,
): Promise<CacheHit | null> {
  if (!deps.settings().similar || lookup.open !== null || found.vector === null) return null;
  const { question } = lookup.asked;
  const form = questionForm(question)?.text ?? null;
  const near = await deps.store.near(lookup.scope, { form, vector: found.vector }, nearest);
  const { entry, reason } = proposeSemantic(
    question,
    near,
    found.chunks,
    deps.fingerprint().embedder,
  );
  if (entry === null) {
    if (lookup.reason === "new") lookup.reason = reason;
    return null;
  }
  const fault = await rankingFault(deps, lookup, entry, found, "other");
  if (fault === null) return { by: "semantic", entry };
  lookup.reason = `stale: ${fault}`;
  return null;
}

const nearest = 5;

/** Why a fresh ranking does not prove the entry, `null` when it does. */
async function rankingFault(
  deps: SemanticCacheDeps,
  { actor, asked, generations }: Lookup,
  entry: CachedAnswer,
  found: Retrieval,
  wording: "same" | "other",
): Promise<string | null> {
  const now = await deps.store.snapshot(actor, asked.collectionIds, entry);
  if (now === null) return "removed";
  const bySnapshot = proveBySnapshot({ ...entry, generations }, now);
  if (bySnapshot.kind === "refuted") return bySnapshot.reason;
  // The corpus moved while this question was answered: the ranking may be of either state.
  if (bySnapshot.kind === "ranking-needed") return "moved-meanwhile";
  const isUnmoved = proveBySnapshot(entry, now).kind === "proven";
  // Chunks that the entry's own search did not list may be new: when the corpus moved they count as new.
  const known = new Set(entry.rankedChunkIds);
  const ranking = found.chunks.map(({ chunkId, contentHash }) => ({
    chunkId,
    contentHash,
    isNewer: !isUnmoved && !known.has(chunkId),
  }));
  const byRanking = proveByRanking(entry, ranking, wording);
  if (byRanking.kind === "refuted") return byRanking.reason;
  if (!isUnmoved) await deps.store.renew(entry.entryId, generations);
  return null;
}

async function served(deps: SemanticCacheDeps, lookup: Lookup, hit: CacheHit): Promise<CacheHit> {
  const { actor, asked } = lookup;
  await deps.store.served(asked.answerId, hit.entry.entryId);
  const savedMs = Math.max(0, hit.entry.costMs - (deps.clock.now() - lookup.startedAt));
  const savedTokens = hit.entry.costTokens;
  count(deps, actor, { result: hit.by, reason: "", savedMs, savedTokens });
  return hit;
}

async function write(
  deps: SemanticCacheDeps,
  { actor, asked, scope, generations, startedAt }: Lookup,
  answer: AnswerSnapshot,
  found: Retrieval,
  completionTokens: number,
): Promise<void> {
  // Weights that changed meanwhile wrote another answer than the key says.
  if (scopeFor(deps, actor, asked, generations) !== scope) return;
  const kept = keptAnswer(answer);
  const hashes = new Map(found.chunks.map(({ chunkId, contentHash }) => [chunkId, contentHash]));
  const cited = kept.sources.map(({ chunkId, collectionId }) => ({
    chunkId,
    contentHash: hashes.get(chunkId) ?? "",
    collectionId,
  }));
  await deps.store.put(actor, asked.collectionIds, {
    scope,
    question: asked.question,
    exactText: exactText(asked.question),
    form: questionForm(asked.question)?.text ?? null,
    vector: found.vector,
    answer: kept,
    cited,
    rankedChunkIds: found.chunks.map(({ chunkId }) => chunkId),
    generations,
    source: "asked",
    answerId: asked.answerId,
    costMs: deps.clock.now() - startedAt,
    costTokens: completionTokens,
  });
}
