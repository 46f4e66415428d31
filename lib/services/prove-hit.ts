import type { Actor } from "../core/access/actor.ts";
import { exactText, scopeText } from "../core/cache/answer-key.ts";
import type { SemanticState } from "../core/cache/calibration.ts";
import { proveByRanking, proveBySnapshot } from "../core/cache/hit-proof.ts";
import { questionForm } from "../core/cache/question-form.ts";
import { limitsFor, decideSemantic, formAlone } from "../core/cache/semantic-decision.ts";
import { promptsInUse } from "../core/rag/prompts-in-use.ts";
import { sameState, type Generations } from "../core/rag/corpus-state.ts";
import type {
  AnswerCacheStore,
  CachedAnswer,
  RecalledAnswer,
  Recollection,
} from "../ports/answer-cache-store.ts";
import { proposeSemantic } from "./propose-semantic.ts";
import type { Retrieval } from "./retrieve-chunks.ts";
import type { SameQuestion } from "./same-question.ts";

export interface ProvenHit {
  readonly by: "exact" | "alias" | "vetted" | "semantic";
  readonly entry: CachedAnswer;
}

export interface ProveHitDeps {
  readonly store: AnswerCacheStore;
  readonly settings: () => { readonly answers: boolean; readonly similar: boolean };
  /** Weights and engines of the models in use; an answer of others is another answer. */
  readonly fingerprint: () => { readonly chat: string; readonly embedder: string };
  /** What shadow answers have found of other wordings; without it nothing was measured but the calibration. */
  readonly semantic?: (workspaceId: string) => SemanticState;
  /** Where a cross-encoder may be installed; without it words and evidence alone decide. */
  readonly sameQuestion?: Pick<SameQuestion, "atOnce">;
}

/** One question on its way through the cache. */
export interface Lookup {
  readonly actor: Actor;
  readonly question: string;
  readonly collectionIds: readonly string[];
  /** What the collections asked want of the answer. */
  readonly instructions: string;
  readonly scope: string;
  readonly generations: Generations;
  /** What lies at this wording, and what one snapshot says of it. */
  readonly recalled: Pick<Recollection, "own" | "vetted" | "hasForm">;
  /** An entry of this wording whose corpus moved: the search has to prove it. */
  open: ProvenHit | null;
  /** Why it is a miss, as far as it has come. */
  reason: string;
}

/** Of everyone who may read the passages: a curated answer depends on no model, only its vector does. */
export const vettedScope = (workspaceId: string, embedder: string): string =>
  JSON.stringify(["vetted", workspaceId, embedder]);

export const scopeFor = (
  {
    fingerprint,
    answerVersion,
  }: Pick<ProveHitDeps, "fingerprint"> & { readonly answerVersion: string },
  { actor, collectionIds, instructions }: Pick<Lookup, "actor" | "collectionIds" | "instructions">,
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
    prompts: promptsInUse,
    instructions,
  });
};

const stateOf = ({ semantic }: ProveHitDeps, { actor }: Lookup): SemanticState =>
  semantic?.(actor.workspaceId) ?? "serving";

/** By the words alone: exact text, a wording proven equal, then what admins wrote. What is not proven at once is left open. */
export function knownHit(deps: ProveHitDeps, lookup: Lookup): ProvenHit | null {
  const { own, vetted } = lookup.recalled;
  const usable = own?.by === "alias" && stateOf(deps, lookup) === "off" ? null : own;
  if (usable !== null && isProvenNow(lookup, usable)) return usable;
  if (lookup.open !== null || vetted === null) return null;
  return isProvenNow(lookup, vetted) ? vetted : null;
}

function isProvenNow(lookup: Lookup, hit: RecalledAnswer): boolean {
  const verdict = proveBySnapshot(within(hit.entry, lookup.generations), hit.now);
  if (verdict.kind === "ranking-needed") lookup.open = hit;
  else if (verdict.kind === "refuted") lookup.reason = `stale: ${verdict.reason}`;
  return verdict.kind === "proven";
}

/** A curated answer was proven in all collections: for an asker those of the question count. */
const within = (entry: CachedAnswer, scope: Generations): CachedAnswer =>
  entry.source === "curated"
    ? {
        ...entry,
        generations: new Map([...entry.generations].filter(([id]) => scope.has(id))),
      }
    : entry;

/**
 * Another wording of the same form while the corpus is as it was: its own search said what answers it, and edits that lead from one form
 * to the other cannot change that. Anything else is left to a search (docs/decisions/2026-11-27-equal-forms-without-a-search.md).
 * @param embed the question's vector, `null` when no node can make it now
 */
export async function hitOfForm(
  deps: ProveHitDeps,
  lookup: Lookup,
  embed: () => Promise<readonly number[] | null>,
): Promise<ProvenHit | null> {
  const { actor, collectionIds, question, generations, recalled, scope } = lookup;
  const form = questionForm(question)?.text;
  if (lookup.open !== null || !recalled.hasForm || form === undefined) return null;
  if (!deps.settings().similar || stateOf(deps, lookup) === "off") return null;
  const vector = await embed();
  if (vector === null) return null;
  const vetted = vettedScope(actor.workspaceId, deps.fingerprint().embedder);
  const at = { scope, vettedScope: vetted, exactText: exactText(question), form, vector };
  for (const { by, entry, cosine, now } of await deps.store.ofForm(
    actor,
    collectionIds,
    at,
    nearest,
  )) {
    const pair = { cached: entry.question, asked: question, cosine };
    if (decideSemantic(pair, null, formAlone).kind !== "same") continue;
    // As of the question's beginning, and as of now: what moved between is for a search to judge.
    const isUnmoved = sameState(now.generations, generations);
    if (isUnmoved && proveBySnapshot(within(entry, generations), now).kind === "proven")
      return { by, entry };
  }
  return null;
}

/** What was found, and how to find it without the cache: a proof never rests on what was kept. */
interface Searched {
  readonly found: Retrieval;
  readonly searchAnew: () => Promise<Retrieval>;
}

/** What a fresh search proves: a known wording after the corpus moved, then other wordings, those of curated answers first. */
export async function hitProvenBy(
  deps: ProveHitDeps,
  lookup: Lookup,
  { found, searchAnew }: Searched,
): Promise<ProvenHit | null> {
  const { open, actor } = lookup;
  if (open !== null) {
    const ranking = found.isKept === true ? await searchAnew() : found;
    const fault = await rankingFault(deps, lookup, open.entry, ranking, wordingOf(open));
    if (fault === null) return open;
    lookup.reason = `stale: ${fault}`;
    if (open.by !== "vetted") return null;
  }
  if (!deps.settings().similar || found.vector === null) return null;
  if (stateOf(deps, lookup) === "off") {
    lookup.reason = "switched-off";
    return null;
  }
  const scopes = {
    vetted: vettedScope(actor.workspaceId, deps.fingerprint().embedder),
    semantic: lookup.scope,
  };
  for (const by of ["vetted", "semantic"] as const) {
    const entry = await otherWording(deps, lookup, { found, searchAnew }, scopes[by]);
    if (entry !== null) return { by, entry };
  }
  return null;
}

const wordingOf = ({ by }: ProvenHit): "same" | "other" => (by === "alias" ? "other" : "same");

async function otherWording(
  deps: ProveHitDeps,
  lookup: Lookup,
  { found, searchAnew }: Searched,
  scope: string,
): Promise<CachedAnswer | null> {
  const { question } = lookup;
  const form = questionForm(question)?.text ?? null;
  const vector = found.vector ?? [];
  const near = await deps.store.near(
    scope,
    { form, vector, exactText: exactText(question) },
    nearest,
  );
  const calibrated = limitsFor(deps.fingerprint().embedder, question);
  const isServing = stateOf(deps, lookup) === "serving";
  const limits = isServing ? calibrated : formAlone;
  const proposal = proposeSemantic(question, near, found.chunks, limits);
  const entry = proposal.entry ?? (isServing ? await scored(deps, lookup, proposal.open) : null);
  if (entry === null) {
    if (lookup.reason === "new") lookup.reason = proposal.reason ?? "new";
    return null;
  }
  const ranking = found.isKept === true ? await searchAnew() : found;
  const fault = await rankingFault(deps, lookup, entry, ranking, "other");
  if (fault === null) return entry;
  lookup.reason = `stale: ${fault}`;
  return null;
}

/** The entry, if a cross-encoder says that it asks the same. */
const scored = async (
  { sameQuestion }: ProveHitDeps,
  { actor, question }: Lookup,
  open: CachedAnswer | null,
): Promise<CachedAnswer | null> =>
  open !== null && (await sameQuestion?.atOnce(actor, open.question, question)) === true
    ? open
    : null;

const nearest = 5;

/** Why a fresh ranking does not prove the entry, `null` when it does. */
export async function rankingFault(
  deps: Pick<ProveHitDeps, "store">,
  { actor, collectionIds, generations }: Pick<Lookup, "actor" | "collectionIds" | "generations">,
  entry: CachedAnswer,
  found: Retrieval,
  wording: "same" | "other",
): Promise<string | null> {
  const now = await deps.store.snapshot(actor, collectionIds, entry);
  if (now === null) return "removed";
  const bySnapshot = proveBySnapshot({ ...entry, generations }, now);
  if (bySnapshot.kind === "refuted") return bySnapshot.reason;
  // The corpus moved while this question was answered: the ranking may be of either state.
  if (bySnapshot.kind === "ranking-needed") return "moved-meanwhile";
  const isUnmoved = proveBySnapshot(within(entry, generations), now).kind === "proven";
  // Chunks that the entry's own search did not list may be new: when the corpus moved they count as new.
  const known = new Set(entry.rankedChunkIds);
  const ranking = found.chunks.map(({ chunkId, contentHash }) => ({
    chunkId,
    contentHash,
    isNewer: !isUnmoved && !known.has(chunkId),
  }));
  const byRanking = proveByRanking(entry, ranking, wording);
  if (byRanking.kind === "refuted") return byRanking.reason;
  // Another wording's ranking says nothing of the entry's own: a newer chunk may stand above for that one.
  if (!isUnmoved && wording === "same") await deps.store.renew(entry.entryId, generations);
  return null;
}
