import type { Actor } from "../core/access/actor.ts";
import {
  bypassReason,
  keptAnswer,
  looksLikeInstruction,
  refusalToKeep,
  type BypassReason,
} from "../core/cache/admission.ts";
import { exactText } from "../core/cache/answer-key.ts";
import { questionForm } from "../core/cache/question-form.ts";
import type { AnswerSnapshot } from "../core/chat/events.ts";
import type { Generations } from "../core/rag/corpus-state.ts";
import type { LookupCount } from "../ports/answer-cache-store.ts";
import type { CacheCounters } from "../ports/cache-counters.ts";
import type { Clock } from "../ports/clock.ts";
import {
  hitOfForm,
  hitProvenBy,
  knownHit,
  scopeFor,
  vettedScope,
  type Lookup,
  type ProvenHit,
  type ProveHitDeps,
} from "./prove-hit.ts";
import { createRecallAnswer } from "./recall-answer.ts";
import type { Retrieval } from "./retrieve-chunks.ts";
import type { TieredCache } from "./tiered-cache.ts";
import type { SeenWording, WordingLog } from "./wording-log.ts";

export interface CacheHit extends ProvenHit {
  /** Resolves when it is written down which entry stands behind the answer: before its end. Never rejects. */
  readonly noted: Promise<void>;
}

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
  /** Nobody asks: what is there is proven anew, what is missing is made, and nothing is counted. */
  readonly isPrewarm: boolean;
}

/** One question's way through the cache. Every fault on it is a miss. */
export interface CacheTurn {
  /** Whether `known` would give an answer now; counts nothing. */
  holds(): Promise<boolean>;
  /** Exact text or alias, proven without a search. */
  known(): Promise<CacheHit | null>;
  /** Another wording of the same form, proven without a search while nothing moved. `embed` is asked only when there is one. */
  ofForm(embed: () => Promise<readonly number[] | null>): Promise<CacheHit | null>;
  /**
   * What only a fresh search can prove: known wordings after the corpus moved, and other wordings. `searchAnew` is asked when there is
   * something to prove and what was found is itself from the cache.
   */
  provenBy(found: Retrieval, searchAnew: () => Promise<Retrieval>): Promise<CacheHit | null>;
  /** Equal for questions that would get one and the same answer; nothing when the cache was not asked. */
  readonly flight?: string;
  /** What the scope was when the question came; nothing when the cache was not asked. */
  readonly generations?: Generations;
  /** Keeps a finished answer, if it may be kept and nothing moved since the question came. */
  keep(answer: AnswerSnapshot, found: Retrieval, completionTokens: number): Promise<void>;
}

export interface SemanticCache {
  begin(actor: Actor, asked: CacheQuestion): Promise<CacheTurn>;
}

export interface SemanticCacheDeps extends ProveHitDeps {
  readonly counters: Pick<CacheCounters, "answer" | "tier">;
  /** Without them every answer comes from the store. */
  readonly tiers?: TieredCache;
  readonly clock: Clock;
  /** Changes with prompts, sampling, checks and the choice of evidence. */
  readonly answerVersion: string;
  readonly report: (error: unknown, context: string) => void;
  /** Without one nothing is verified at idle time. */
  readonly log?: WordingLog;
}

interface OpenTurn {
  readonly lookup: Lookup;
  readonly asked: CacheQuestion;
  readonly startedAt: number;
}

const noTurn: CacheTurn = {
  holds: () => Promise.resolve(false),
  known: () => Promise.resolve(null),
  ofForm: () => Promise.resolve(null),
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
  const recall = createRecallAnswer(deps);
  return {
    begin: (actor, asked) =>
      guarded("begin", noTurn, async () => {
        const startedAt = deps.clock.now();
        const bypassed = deps.settings().answers ? bypassReason(bypassable(asked)) : "switched-off";
        if (bypassed !== null && !asked.isPrewarm) countBypass(deps, actor, bypassed);
        // "Ask again" is not looked up, but its answer takes the old one's place.
        if (bypassed !== null && bypassed !== "asked-again") return noTurn;
        const { question, collectionIds, instructions } = asked;
        const asker = { actor, question, collectionIds, instructions };
        const { scope, generations, hasAttachment, ...recalled } = await recall(
          {
            actor,
            collectionIds,
            exactText: exactText(question),
            form: questionForm(question)?.text ?? null,
          },
          (seen) => scopeFor(deps, asker, seen),
          vettedScope(actor.workspaceId, deps.fingerprint().embedder),
        );
        if (hasAttachment) {
          if (!asked.isPrewarm) countBypass(deps, actor, "private-attachment");
          return noTurn;
        }
        const lookup = {
          ...{ ...asker, scope, generations, recalled },
          ...{ open: null, reason: "new" },
        };
        const turn = turnOf(deps, { lookup, asked, startedAt }, guarded);
        return bypassed === null
          ? turn
          : // Who asks again wants another answer than those who ask now.
            { ...noTurn, generations, keep: (...finished) => turn.keep(...finished) };
      }),
  };
}

const bypassable = ({ question, standsAlone, asksAgain }: CacheQuestion) => ({
  text: question,
  standsAlone,
  asksAgain,
  // The store knows whether there is one; it is asked only when nothing else forbids the cache.
  hasPrivateAttachment: false,
});

const countBypass = (deps: SemanticCacheDeps, actor: Actor, reason: BypassReason): void => {
  if (reason !== "switched-off")
    count(deps, actor, { result: "bypassed", reason, savedMs: 0, savedTokens: 0 });
};

const count = (deps: SemanticCacheDeps, actor: Actor, lookup: LookupCount): void => {
  deps.counters.answer(actor.workspaceId, deps.clock.wallTime(), lookup);
};

const flightOf = ({ scope, generations, question }: Lookup): string =>
  JSON.stringify([scope, [...generations], exactText(question)]);

type Guarded = <T>(context: string, fallback: T, work: () => Promise<T>) => Promise<T>;

function turnOf(deps: SemanticCacheDeps, turn: OpenTurn, guarded: Guarded): CacheTurn {
  const { lookup, asked } = turn;
  return {
    generations: lookup.generations,
    ...(asked.usesHistory ? {} : { flight: flightOf(lookup) }),
    holds: () => Promise.resolve(knownHit(deps, { ...lookup }) !== null),
    known: () =>
      guarded("look up", null, () =>
        Promise.resolve(served(deps, turn, knownHit(deps, lookup), guarded)),
      ),
    ofForm: (embed) =>
      guarded("equal form", null, async () =>
        served(deps, turn, await hitOfForm(deps, lookup, embed), guarded),
      ),
    provenBy: (found, searchAnew) =>
      guarded("prove", null, async () => {
        const hit = await hitProvenBy(deps, lookup, { found, searchAnew });
        if (hit !== null) return served(deps, turn, hit, guarded);
        if (asked.isPrewarm) return null;
        deps.log?.asked(seen(lookup), true);
        const miss = { ...nothingSaved, result: "miss", reason: lookup.reason } as const;
        count(deps, lookup.actor, miss);
        return null;
      }),
    keep: (answer, found, completionTokens) =>
      guarded("keep", undefined, async () => {
        const flagged = [asked.question, ...found.chunks.map(({ text }) => text)];
        const isFlagged =
          flagged.some(looksLikeInstruction) || found.chunks.some(({ flags }) => flags.length > 0);
        if (refusalToKeep({ snapshot: answer, isFlagged }) !== null || asked.usesHistory) return;
        await write(deps, turn, answer, found, completionTokens);
      }),
  };
}

const seen = ({ actor, scope, question, collectionIds }: Lookup): SeenWording => ({
  ...{ actor, scope, question, collectionIds },
  exactText: exactText(question),
});

const nothingSaved = { savedMs: 0, savedTokens: 0 };

/** `null` stays `null`. Who may call the answer wrong waits for `noted`, its readers do not. */
function served(
  deps: SemanticCacheDeps,
  { lookup, asked, startedAt }: OpenTurn,
  proven: ProvenHit | null,
  guarded: Guarded,
): CacheHit | null {
  if (proven === null) return null;
  if (asked.isPrewarm) return { ...proven, noted: Promise.resolve() };
  const noting = deps.store.served(asked.answerId, proven.entry.entryId);
  const hit = { ...proven, noted: guarded("note", undefined, () => noting) };
  const { actor, question, collectionIds } = lookup;
  const { entryId, answerKey, createdAt, costMs, costTokens, question: cached } = hit.entry;
  const savedMs = Math.max(0, costMs - (deps.clock.now() - startedAt));
  count(deps, actor, { result: hit.by, reason: "", savedMs, savedTokens: costTokens });
  deps.log?.asked(seen(lookup), false);
  // An admin's words are no model's: a fresh answer would differ by right.
  if (hit.entry.source === "curated" || exactText(question) === exactText(cached)) return hit;
  if (hit.by === "alias" || hit.by === "semantic")
    deps.log?.servedOther(
      { actor, question, collectionIds, entryId, answerKey, result: hit.by },
      createdAt,
    );
  return hit;
}

async function write(
  deps: SemanticCacheDeps,
  { lookup, asked, startedAt }: OpenTurn,
  answer: AnswerSnapshot,
  found: Retrieval,
  completionTokens: number,
): Promise<void> {
  const { actor, scope, generations } = lookup;
  // Weights that changed meanwhile wrote another answer than the key says.
  if (scopeFor(deps, lookup, generations) !== scope) return;
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
    source: asked.isPrewarm ? "prewarmed" : "asked",
    answerId: asked.answerId,
    costMs: deps.clock.now() - startedAt,
    costTokens: completionTokens,
  });
}
