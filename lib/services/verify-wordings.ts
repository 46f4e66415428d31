import type { Actor } from "../core/access/actor.ts";
import { proveAlias, type AliasVerdict } from "../core/cache/alias-proof.ts";
import { exactText } from "../core/cache/answer-key.ts";
import { questionForm } from "../core/cache/question-form.ts";
import { isOpenToScore } from "../core/cache/scored-pair.ts";
import { limitsFor, type WordingPair } from "../core/cache/semantic-decision.ts";
import type { AnswerCacheStore, CachedAnswer, NearAnswer } from "../ports/answer-cache-store.ts";
import type { CacheUpkeepStore, OpenWording } from "../ports/cache-upkeep-store.ts";
import type { Clock } from "../ports/clock.ts";
import { idleCall } from "./idle-answers.ts";
import { rankingFault, scopeFor, vettedScope, type Lookup } from "./prove-hit.ts";
import type { Retrieval, RetrieveChunks } from "./retrieve-chunks.ts";
import type { SameQuestion } from "./same-question.ts";

export interface VerifyWordingsDeps {
  readonly store: AnswerCacheStore;
  readonly upkeep: CacheUpkeepStore;
  readonly retrieve: RetrieveChunks;
  readonly clock: Clock;
  readonly fingerprint: () => { readonly chat: string; readonly embedder: string };
  readonly answerVersion: string;
  /** What the collections asked want of their answers, as in the key. */
  readonly instructions: (actor: Actor, collectionIds: readonly string[]) => Promise<string>;
  /** Asks a model that can be trusted with it whether both questions are the same; without one the answers alone tell. */
  readonly judge?: (one: string, other: string, signal: AbortSignal) => Promise<boolean>;
  /** Where a cross-encoder may be installed: what words leave open, it may prove. */
  readonly sameQuestion?: Pick<SameQuestion, "atIdle">;
}

const nearest = 6;

/**
 * Looks at one wording that was a miss and was answered by itself: when a kept answer of another wording says the same and the wordings
 * are proven equal, it becomes an alias of that one. Returns what came of it: `alias`, or why not.
 */
export async function verifyWording(
  deps: VerifyWordingsDeps,
  open: OpenWording,
  signal: AbortSignal,
): Promise<string> {
  const verdict = await verdictOn(deps, open, signal);
  await deps.upkeep.verified(open.key, verdict);
  return verdict;
}

async function verdictOn(
  deps: VerifyWordingsDeps,
  { actor, question, collectionIds }: OpenWording,
  signal: AbortSignal,
): Promise<string> {
  const generations = await deps.store.generations(actor, collectionIds);
  const instructions = await deps.instructions(actor, collectionIds);
  const scope = scopeFor(deps, { actor, collectionIds, instructions }, generations);
  const own = await deps.store.find(scope, exactText(question));
  if (own === null) return "no-answer";
  if (own.by === "alias") return "alias";
  const found = await deps.retrieve(
    actor,
    { text: question, collectionIds, limit: sourcesSeen },
    idleCall(deps.clock, signal),
  );
  if (found.vector === null) return "no-vector";
  const at = { actor, collectionIds, generations };
  const fault = await rankingFault(deps, at, own.entry, found, "same");
  if (fault !== null) return `stale: ${fault}`;
  const asked = {
    form: questionForm(question)?.text ?? null,
    vector: found.vector,
    exactText: exactText(question),
  };
  const vetted = vettedScope(actor.workspaceId, deps.fingerprint().embedder);
  const near = [
    ...(await deps.store.near(vetted, asked, nearest)),
    ...(await deps.store.near(scope, asked, nearest)),
  ].filter(({ entry }) => mayTakeIn(entry, own.entry));
  let reason = "nothing-near";
  for (const one of near) {
    const other = { scope, question, own: own.entry, near: one };
    const fault = await faultOf(deps, at, other, found, signal);
    if (fault === null) return "alias";
    if (reason === "nothing-near") reason = fault;
  }
  return reason;
}

// As an answer sees (services/answer-question.ts).
const sourcesSeen = 8;

/** The older entry stays: the one that came later becomes its alias, never both ways round. */
const mayTakeIn = (entry: CachedAnswer, own: CachedAnswer): boolean =>
  entry.entryId !== own.entryId &&
  (entry.source === "curated" || entry.createdAt.getTime() < own.createdAt.getTime());

interface Candidate {
  readonly scope: string;
  readonly question: string;
  readonly own: CachedAnswer;
  readonly near: NearAnswer;
}

/** Why the near entry does not take the wording in; `null` when the alias is written. */
async function faultOf(
  deps: VerifyWordingsDeps,
  at: Pick<Lookup, "actor" | "collectionIds" | "generations">,
  { scope, question, own, near: { entry, cosine } }: Candidate,
  found: Retrieval,
  signal: AbortSignal,
): Promise<string | null> {
  const pair = { cached: entry.question, asked: question, cosine };
  const passages = found.chunks.map(({ text }) => text);
  const answers = { cached: entry.answer, fresh: own.answer, passages };
  const byWords = proveAlias(pair, answers, limitsFor(deps.fingerprint().embedder, pair.asked));
  const verdict = await orScored(deps, pair, byWords, signal);
  if (verdict.kind === "unproven") return verdict.reason;
  const fault = await rankingFault(deps, at, entry, found, "other");
  if (fault !== null) return `stale: ${fault}`;
  const isJudgedSame =
    deps.judge === undefined || (await deps.judge(entry.question, question, signal));
  if (!isJudgedSame) return "judge";
  const { entryId, answerKey } = entry;
  const alias = { scope, exactText: exactText(question), question, entryId, answerKey };
  const isWritten = await deps.upkeep.alias({ ...alias, proof: verdict.proof });
  return isWritten ? null : "replaced-meanwhile";
}

/** Answered alike, and only words stand against it: a calibrated cross-encoder may say that they mean the same. */
async function orScored(
  { sameQuestion }: VerifyWordingsDeps,
  pair: WordingPair,
  verdict: AliasVerdict,
  signal: AbortSignal,
): Promise<AliasVerdict> {
  if (verdict.kind === "proven" || verdict.reason !== "words" || !isOpenToScore(pair))
    return verdict;
  const isSame = await sameQuestion?.atIdle(pair.cached, pair.asked, signal);
  const { cosine } = pair;
  return isSame === true ? { kind: "proven", proof: { by: "scorer", cosine } } : verdict;
}
