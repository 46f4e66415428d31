import type { Actor } from "../core/access/actor.ts";
import { prewarmPlan, type PlannedQuestion } from "../core/cache/prewarm-plan.ts";
import type { AnswerCacheStore } from "../ports/answer-cache-store.ts";
import type { CachePrewarmStore } from "../ports/cache-prewarm-store.ts";
import type { Clock } from "../ports/clock.ts";
import type { CuratedAnswers } from "./curated-answers.ts";
import { answerIdly, idleCall, type AnswerLine } from "./idle-answers.ts";
import type { ResidencyCounts } from "./keep-resident.ts";
import type { QuietTime } from "./quiet-time.ts";
import type { SuggestionOptions } from "./suggested-questions.ts";

export interface PrewarmRoundDeps {
  readonly prewarm: CachePrewarmStore;
  readonly store: Pick<AnswerCacheStore, "generations">;
  readonly curated: Pick<CuratedAnswers, "refresh">;
  readonly quiet: QuietTime;
  /** With the cache: what is kept there and proven anew is not made again. */
  readonly answer: AnswerLine;
  readonly suggest: (
    actor: Actor,
    collectionIds: readonly string[],
    signal: AbortSignal,
    options: SuggestionOptions,
  ) => Promise<readonly string[]>;
  /** Brings the models into memory, for longer than the time between two rounds. */
  readonly keepResident: (signal: AbortSignal) => Promise<ResidencyCounts>;
  readonly settings: () => { readonly prewarmQuestions: number };
  readonly clock: Clock;
  readonly newId: () => string;
  readonly report: (error: unknown, context: string) => void;
}

/** What one round did; each change is written down at once. */
export interface RoundLedger {
  add(name: string, count?: number): void;
  spent(cost: { readonly tookMs: number; readonly tokens: number }): void;
  write(): Promise<void>;
}

export function createRoundLedger(
  prewarm: Pick<CachePrewarmStore, "progress">,
  runId: string,
): RoundLedger {
  const counts: Record<string, number> = {};
  let costMs = 0;
  let costTokens = 0;
  return {
    add(name, count = 1) {
      if (count > 0) counts[name] = (counts[name] ?? 0) + count;
    },
    spent({ tookMs, tokens }) {
      costMs += tookMs;
      costTokens += tokens;
    },
    write: () => prewarm.progress(runId, { counts, costMs, costTokens }),
  };
}

const peopleSeen = 50;
const mostAudiences = 3;

/** One round: models in memory, curated answers proven anew, then questions answered, each as soon as nobody waits. */
export async function prewarmRound(
  deps: PrewarmRoundDeps,
  ledger: RoundLedger,
  signal: AbortSignal,
): Promise<void> {
  const residency = await deps.keepResident(signal);
  ledger.add("modelsLoaded", residency.loaded);
  ledger.add("modelsKept", residency.kept);
  ledger.add("modelsFailed", residency.failed);
  for (const workspaceId of await deps.prewarm.workspaces()) {
    const people = await deps.prewarm.people(workspaceId, peopleSeen);
    await refreshCurated(deps, workspaceId, people, ledger, signal);
    const planned = await planOf(deps, workspaceId, people, signal);
    ledger.add("planned", planned.length);
    await ledger.write();
    for (const one of planned) await answerOne(deps, one, ledger, signal);
  }
  await ledger.write();
}

async function planOf(
  deps: PrewarmRoundDeps,
  workspaceId: string,
  people: readonly Actor[],
  signal: AbortSignal,
): Promise<readonly PlannedQuestion[]> {
  const most = deps.settings().prewarmQuestions;
  const audiences = await audiencesOf(deps, people);
  const listed = (await deps.prewarm.listed(workspaceId)).filter(({ curated }) => curated === null);
  const popular = await deps.prewarm.popular(workspaceId, most);
  const known = prewarmPlan({ listed, popular, made: [] }, audiences, most);
  const missing = most - new Set(known.map(({ question }) => question)).size;
  const made = missing <= 0 ? [] : await madeFor(deps, audiences, missing, signal);
  return prewarmPlan({ listed, popular, made }, audiences, most);
}

async function madeFor(
  { suggest, quiet }: PrewarmRoundDeps,
  audiences: readonly Actor[],
  most: number,
  signal: AbortSignal,
): Promise<readonly PlannedQuestion[]> {
  const made: PlannedQuestion[] = [];
  for (const actor of audiences) {
    const options = { most, class: "prewarm" } as const;
    const questions = await quiet.run((calm) => suggest(actor, [], calm, options), signal);
    made.push(...questions.map((question) => ({ actor, question, collectionIds: [] })));
  }
  return made;
}

/** One person of each group that may read the same, the largest group first. */
async function audiencesOf(
  { store }: PrewarmRoundDeps,
  people: readonly Actor[],
): Promise<readonly Actor[]> {
  const groups = new Map<string, Actor[]>();
  for (const actor of people) {
    const readable = [...(await store.generations(actor, [])).keys()];
    if (readable.length === 0) continue;
    const key = readable.sort().join(" ");
    groups.set(key, [...(groups.get(key) ?? []), actor]);
  }
  return [...groups.values()]
    .sort((one, other) => other.length - one.length)
    .slice(0, mostAudiences)
    .flatMap(([first]) => first ?? []);
}

async function answerOne(
  deps: PrewarmRoundDeps,
  one: PlannedQuestion,
  ledger: RoundLedger,
  signal: AbortSignal,
): Promise<void> {
  const yieldsBefore = deps.quiet.yields();
  try {
    const { snapshot, wasKept, ...cost } = await deps.quiet.run(
      (calm) => answerIdly(deps, one, calm),
      signal,
    );
    ledger.spent(cost);
    if (wasKept) ledger.add("stillGood");
    else ledger.add(snapshot.outcome === "complete" ? "answered" : "withoutAnswer");
  } catch (error) {
    signal.throwIfAborted();
    ledger.add("failed");
    deps.report(error, "prewarm");
  }
  ledger.add("yields", deps.quiet.yields() - yieldsBefore);
  await ledger.write();
}

async function refreshCurated(
  { prewarm, curated, quiet, clock }: PrewarmRoundDeps,
  workspaceId: string,
  people: readonly Actor[],
  ledger: RoundLedger,
  signal: AbortSignal,
): Promise<void> {
  const admin = people.find(({ role }) => role === "admin");
  if (admin === undefined) return;
  for (const listed of await prewarm.listed(workspaceId)) {
    if (listed.curated === null) continue;
    const state = await quiet.run(
      (calm) => curated.refresh(admin, listed, idleCall(clock, calm)),
      signal,
    );
    ledger.add(state === "in-force" ? "curatedInForce" : "curatedToReview");
  }
}
