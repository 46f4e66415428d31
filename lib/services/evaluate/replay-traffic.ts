import type { AnswerSnapshot, Source } from "../../core/chat/events.ts";
import { emptyAnswer } from "../../core/chat/fold-answer.ts";
import { chooseEvidence, evidenceCandidates } from "../../core/rag/evidence.ts";
import type { LocalModels, ModelCall } from "../../local-models.ts";
import type { AnswerCacheStore } from "../../ports/answer-cache-store.ts";
import type { CacheUpkeepStore } from "../../ports/cache-upkeep-store.ts";
import type { RankedChunk } from "../../ports/chunk-search.ts";
import type { Clock } from "../../ports/clock.ts";
import type { CorpusLoader } from "../../ports/corpus-loader.ts";
import { cosineOf } from "../../core/rag/cosine.ts";
import type { Retrieval, RetrieveChunks } from "../retrieve-chunks.ts";
import type { SameQuestion } from "../same-question.ts";
import { verifyWording } from "../verify-wordings.ts";
import { createWordingLog, type WordingLog } from "../wording-log.ts";
import { createSemanticCache, type CacheHit, type SemanticCache } from "../semantic-cache.ts";
import type { QuestionCluster } from "./cache-data.ts";
import type { EvaluationRun } from "./evaluation.ts";
import { loadCorpus, type LoadedCorpus } from "./load-corpus.ts";
import { countsOf, firstSight, newTallies, secondPass, type Tallies } from "./traffic-figures.ts";

export interface ReplayTrafficDeps {
  readonly loader: CorpusLoader;
  readonly models: LocalModels;
  readonly retrieve: RetrieveChunks;
  readonly answers: AnswerCacheStore;
  readonly upkeep: CacheUpkeepStore;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly sameQuestion: SameQuestion;
}

interface Asked {
  /** `CLUSTER/PLACE`: the texts of some sets must not be passed on. */
  readonly id: string;
  readonly question: string;
  readonly cluster: string;
}

const chunksFound = 8;
const seed = 7;

/**
 * Every wording once, in a seeded random order, against one document a cluster: what the first sight of each brings. Then idle time looks
 * at what was missed, and every wording is asked once more.
 */
export async function replayTraffic(
  deps: ReplayTrafficDeps,
  run: EvaluationRun,
  clusters: readonly QuestionCluster[],
  call: () => ModelCall,
  contested: ReadonlySet<string>,
) {
  if (clusters.length === 0) return { metrics: {}, counts: {}, wrong: [] };
  const entries = clusters.map(({ cluster, questions }) => ({
    id: String(cluster),
    title: "",
    text: `${questions[0] ?? ""}\nThe answer to “${questions[0] ?? ""}” is recorded as answer ${String(cluster)}.`,
  }));
  const corpus = await loadCorpus(deps, entries, call, run.onProgress);
  const { cache, log } = cacheOf(deps);
  const asked = shuffled(
    clusters.flatMap(({ cluster, questions }) =>
      questions.map((question, place) => ({
        id: `${String(cluster)}/${String(place)}`,
        question,
        cluster: String(cluster),
      })),
    ),
  );
  const madeBy = new Map<string, Asked>();
  const replay = { deps, cache, log, corpus, madeBy, made: [], contested, call };
  const first = await pass({ ...replay, tallies: newTallies(), keeps: true }, run, asked);
  await log.flush();
  const aliases = await proveAll(deps, run);
  const second = await pass({ ...replay, tallies: newTallies(), keeps: false }, run, asked);
  return {
    metrics: { ...firstSight(first), ...secondPass(second) },
    counts: {
      ...countsOf("traffic", first),
      ...countsOf("traffic.second-pass", second),
      ...aliases,
    },
    wrong: [...first.wrong, ...second.wrong],
  };
}

/** The product's cache, as it is wired there, and its log of wordings. */
function cacheOf(deps: ReplayTrafficDeps) {
  const log = createWordingLog({ store: deps.upkeep, clock: deps.clock, chance: () => 1 });
  const cache = createSemanticCache({
    store: deps.answers,
    clock: deps.clock,
    settings: () => ({ answers: true, similar: true }),
    fingerprint: () => deps.models.fingerprint(),
    answerVersion,
    sameQuestion: deps.sameQuestion,
    counters: { answer: () => undefined, tier: () => undefined },
    log,
    report: (error) => {
      throw error;
    },
  });
  return { cache, log };
}

// Of this replay alone: its database is thrown away.
const answerVersion = "1";
const provenAtOnce = 200;
// The log of wordings forgets what it cannot hold (services/wording-log.ts).
const loggedAtOnce = 500;

/** What idle time makes of the wordings that were misses; how many came to what. */
async function proveAll(
  deps: ReplayTrafficDeps,
  run: EvaluationRun,
): Promise<Record<string, number>> {
  const verifying = {
    ...{ store: deps.answers, upkeep: deps.upkeep, retrieve: deps.retrieve, clock: deps.clock },
    ...{ fingerprint: () => deps.models.fingerprint(), answerVersion },
    sameQuestion: deps.sameQuestion,
    instructions: () => Promise.resolve(""),
  };
  const counts: Record<string, number> = {};
  let done = 0;
  for (;;) {
    const open = await deps.upkeep.openWordings(provenAtOnce);
    if (open.length === 0) return counts;
    for (const wording of open) {
      const verdict = await verifyWording(verifying, wording, run.signal);
      const name = `verified.${verdict}`;
      counts[name] = (counts[name] ?? 0) + 1;
    }
    done += open.length;
    run.onProgress(`${String(done)} wordings looked at`);
  }
}

/** Every wording once; what is missing is made and kept when `keeps`. */
async function pass(replay: Replay, run: EvaluationRun, asked: readonly Asked[]): Promise<Tallies> {
  const { tallies } = replay;
  const seen = new Set<string>();
  for (const one of asked) {
    run.signal.throwIfAborted();
    tallies.asked += 1;
    if (seen.has(one.cluster)) tallies.repeats += 1;
    await askOne(replay, one);
    if (tallies.asked % loggedAtOnce === 0) await replay.log.flush();
    seen.add(one.cluster);
    if (tallies.asked % 200 === 0)
      run.onProgress(`${String(tallies.asked)} of ${String(asked.length)} questions asked`);
  }
  return tallies;
}

/** An answer that was kept, as far as a perfect judge of wordings would look at it. */
interface Made {
  readonly cluster: string;
  readonly vector: readonly number[];
  readonly quote: string;
}

interface Replay {
  readonly deps: ReplayTrafficDeps;
  readonly cache: SemanticCache;
  readonly log: WordingLog;
  readonly corpus: LoadedCorpus;
  readonly tallies: Tallies;
  /** By the entry's question. */
  readonly madeBy: Map<string, Asked>;
  readonly made: Made[];
  readonly contested: ReadonlySet<string>;
  readonly call: () => ModelCall;
  /** Misses are answered and kept. */
  readonly keeps: boolean;
}

async function askOne(replay: Replay, asked: Asked): Promise<void> {
  const { deps, cache, corpus, tallies, madeBy, call } = replay;
  const { question } = asked;
  const turn = await cache.begin(corpus.actor, {
    answerId: deps.newId(),
    question,
    collectionIds: [corpus.collectionId],
    standsAlone: true, // asked in a new conversation: there is no turn before
    usesHistory: false,
    asksAgain: false,
    instructions: "",
    isPrewarm: false,
  });
  const query = { text: question, collectionIds: [corpus.collectionId], limit: chunksFound };
  const embedded = async () => (await deps.models.embed([question], call())).vectors[0] ?? null;
  const known = (await turn.known()) ?? (await turn.ofForm(embedded));
  if (known !== null) {
    noteHit(replay, asked, known);
    return;
  }
  const found = await deps.retrieve(corpus.actor, query, call());
  const hit = await turn.provenBy(found, () => Promise.resolve(found));
  if (hit !== null) {
    noteHit(replay, asked, hit);
    return;
  }
  const answer = replay.keeps ? answerFrom(question, found) : null;
  if (answer === null) return;
  await turn.keep(answer, found, 0);
  tallies.kept += 1;
  madeBy.set(question, asked);
  const { cluster } = asked;
  const made = { cluster, vector: found.vector ?? [], quote: answer.quotes[0]?.text ?? "" };
  if (isProvable(replay.made, made)) tallies.provable += 1;
  replay.made.push(made);
}

// As many as idle time looks at (services/verify-wordings.ts).
const nearest = 6;

function isProvable(all: readonly Made[], { cluster, vector, quote }: Made): boolean {
  return all
    .map((one) => ({ one, cosine: cosineOf(one.vector, vector) }))
    .sort((one, other) => other.cosine - one.cosine)
    .slice(0, nearest)
    .some(({ one }) => one.cluster === cluster && one.quote === quote);
}

function noteHit({ tallies, madeBy, contested }: Replay, asked: Asked, hit: CacheHit): void {
  tallies[hit.by === "vetted" ? "exact" : hit.by] += 1;
  const made = madeBy.get(hit.entry.question);
  if (made?.cluster === asked.cluster) return;
  const id = `${asked.id}~${made?.id ?? ""}`;
  const turned = `${made?.id ?? ""}~${asked.id}`;
  (contested.has(id) || contested.has(turned) ? tallies.contested : tallies.wrong).push(id);
}

/** What the product would quote, whichever document that is in; `null` when it finds no answer: then there is nothing to keep. */
function answerFrom(question: string, found: Retrieval): AnswerSnapshot | null {
  const { quotes, verdict } = chooseEvidence(evidenceCandidates(question, found.chunks), null);
  const [quote] = quotes;
  const chunk = quote === undefined ? undefined : found.chunks[quote.chunkIndex];
  if (quote === undefined || chunk === undefined || verdict !== "answerable") return null;
  const charStart = chunk.charStart + quote.start;
  const charEnd = chunk.charStart + quote.end;
  return {
    ...emptyAnswer,
    sources: [sourceOf(chunk)],
    quotes: [{ citation: 1, text: quote.text, charStart, charEnd }],
    verdict: "answerable",
    outcome: "complete",
  };
}

const sourceOf = (chunk: RankedChunk): Source => ({ citation: 1, ...chunk });

/** Fisher and Yates with a linear congruential generator: the same order on every machine. */
function shuffled<T>(items: readonly T[]): readonly T[] {
  const list = [...items];
  let state = seed;
  for (let last = list.length - 1; last > 0; last -= 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    const other = state % (last + 1);
    const moved = list[last] as T;
    list[last] = list[other] as T;
    list[other] = moved;
  }
  return list;
}
