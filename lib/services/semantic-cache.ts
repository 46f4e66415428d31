import type { Actor } from "../core/access/actor.ts";
import {
  bypassReason,
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
import { createRecallAnswer, type RecallAnswer } from "./recall-answer.ts";
import { keepAnswer } from "./keep-answer.ts";
import type { NearDuplicateLimit } from "./near-duplicate-limit.ts";
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
  /** What the collections asked want of the answer (`instructionsKey`); it may still be on its way. */
  readonly instructions: string | Promise<string>;
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
  /** Whether an answer to these very words was found kept here the last time: nothing is asked for it, and nothing proven. */
  remembers(actor: Actor, asked: Pick<CacheQuestion, "question" | "collectionIds">): boolean;
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
  /** Without one nobody is held back. */
  readonly nearDuplicates?: NearDuplicateLimit;
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
  const memory = createRecallAnswer(deps);
  return {
    remembers: (actor, { question, collectionIds }) =>
      deps.settings().answers &&
      memory.remembers(
        { actor, collectionIds, exactText: exactText(question) },
        (generations, instructions) =>
          scopeFor(deps, { actor, collectionIds, instructions }, generations),
      ),
    begin: (actor, asked) =>
      guarded("begin", noTurn, async () => {
        const startedAt = deps.clock.now();
        const bypassed = bypassOf(deps, actor, asked);
        // "Ask again" is not looked up, but its answer takes the old one's place.
        if (bypassed !== null && bypassed !== "asked-again") return noTurn;
        const { question, collectionIds } = asked;
        const { scope, generations, hasAttachment, instructions, ...recalled } =
          await memory.recall(
            {
              ...{ actor, collectionIds, instructions: asked.instructions },
              exactText: exactText(question),
              form: questionForm(question)?.text ?? null,
            },
            (seen, wanted) => scopeFor(deps, { actor, collectionIds, instructions: wanted }, seen),
            vettedScope(actor.workspaceId, deps.fingerprint().embedder),
          );
        if (hasAttachment) {
          if (!asked.isPrewarm) countBypass(deps, actor, "private-attachment");
          return noTurn;
        }
        const lookup = {
          ...{ actor, question, collectionIds, instructions, scope, generations, recalled },
          ...{ open: null, reason: "new" },
        };
        const turn = turnOf({ ...deps, memory }, { lookup, asked, startedAt }, guarded);
        // Who asks again wants another answer than those who ask now.
        const isHeldBack = holdsBack(deps, actor, asked);
        if (bypassed !== null) return isHeldBack ? noTurn : keptOnly(turn);
        return isHeldBack ? ownWordsOnly(deps, actor, turn) : turn;
      }),
  };
}

function bypassOf(deps: SemanticCacheDeps, actor: Actor, asked: CacheQuestion) {
  const bypassed = deps.settings().answers ? bypassReason(bypassable(asked)) : "switched-off";
  if (bypassed !== null && !asked.isPrewarm) countBypass(deps, actor, bypassed);
  return bypassed;
}

const holdsBack = (
  { nearDuplicates }: SemanticCacheDeps,
  { userId }: Actor,
  { question, isPrewarm }: CacheQuestion,
): boolean => !isPrewarm && nearDuplicates?.holdsBack(userId, exactText(question)) === true;

const keptOnly = (turn: CacheTurn): CacheTurn => ({
  ...noTurn,
  ...(turn.generations === undefined ? {} : { generations: turn.generations }),
  keep: (...finished) => turn.keep(...finished),
});

/** What lies at these very words tells nothing of other wordings. Nothing is compared with others, and nothing is kept. */
const ownWordsOnly = (deps: SemanticCacheDeps, actor: Actor, turn: CacheTurn): CacheTurn => ({
  ...noTurn,
  ...(turn.generations === undefined ? {} : { generations: turn.generations }),
  holds: () => turn.holds(),
  known: () => turn.known(),
  provenBy: () => {
    countBypass(deps, actor, "near-duplicates");
    return Promise.resolve(null);
  },
});

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

interface TurnDeps extends SemanticCacheDeps {
  readonly memory: Pick<RecallAnswer, "noteKept">;
}

function turnOf(deps: TurnDeps, turn: OpenTurn, guarded: Guarded): CacheTurn {
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
        if (await keepAnswer(deps, { ...turn, answer, found, completionTokens }))
          deps.memory.noteKept(lookup.scope, exactText(lookup.question));
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
