import { upperBound } from "../../core/cache/calibration.ts";
import type { AnswerSnapshot, Source } from "../../core/chat/events.ts";
import { emptyAnswer } from "../../core/chat/fold-answer.ts";
import { chooseEvidence, evidenceCandidates } from "../../core/rag/evidence.ts";
import type { LocalModels, ModelCall } from "../../local-models.ts";
import type { AnswerCacheStore } from "../../ports/answer-cache-store.ts";
import type { RankedChunk } from "../../ports/chunk-search.ts";
import type { Clock } from "../../ports/clock.ts";
import type { CorpusLoader } from "../../ports/corpus-loader.ts";
import { standsAlone } from "../../core/chat/standalone.ts";
import type { Retrieval, RetrieveChunks } from "../retrieve-chunks.ts";
import { createSemanticCache, type CacheHit, type SemanticCache } from "../semantic-cache.ts";
import type { QuestionCluster } from "./cache-data.ts";
import type { EvaluationRun } from "./evaluation.ts";
import { loadCorpus, type LoadedCorpus } from "./load-corpus.ts";

export interface ReplayTrafficDeps {
  readonly loader: CorpusLoader;
  readonly models: LocalModels;
  readonly retrieve: RetrieveChunks;
  readonly answers: AnswerCacheStore;
  readonly clock: Clock;
  readonly newId: () => string;
}

interface Asked {
  /** `CLUSTER/PLACE`: the texts of some sets must not be passed on. */
  readonly id: string;
  readonly question: string;
  readonly cluster: string;
}

interface Tallies {
  asked: number;
  /** Another wording of the cluster had been asked before. */
  repeats: number;
  kept: number;
  exact: number;
  semantic: number;
  /** `ASKED~SERVED` of each hit from another cluster. */
  readonly wrong: string[];
  readonly contested: string[];
}

const chunksFound = 8;
const seed = 7;

/** Every wording once, in a seeded random order, against one document a cluster: what the first sight of each brings. */
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
  const cache = createSemanticCache({
    store: deps.answers,
    clock: deps.clock,
    settings: () => ({ answers: true, similar: true }),
    fingerprint: () => deps.models.fingerprint(),
    answerVersion: 1,
    counters: { answer: () => undefined, tier: () => undefined },
    report: (error) => {
      throw error;
    },
  });
  const asked = shuffled(
    clusters.flatMap(({ cluster, questions }) =>
      questions.map((question, place) => ({
        id: `${String(cluster)}/${String(place)}`,
        question,
        cluster: String(cluster),
      })),
    ),
  );
  const tallies: Tallies = {
    ...{ asked: 0, repeats: 0, kept: 0, exact: 0, semantic: 0 },
    ...{ wrong: [], contested: [] },
  };
  const madeBy = new Map<string, Asked>();
  const seen = new Set<string>();
  for (const one of asked) {
    run.signal.throwIfAborted();
    tallies.asked += 1;
    if (seen.has(one.cluster)) tallies.repeats += 1;
    await askOne({ deps, cache, corpus, tallies, madeBy, contested, call }, one);
    seen.add(one.cluster);
    if (tallies.asked % 200 === 0)
      run.onProgress(`${String(tallies.asked)} of ${String(asked.length)} questions asked`);
  }
  return figuresOf(tallies);
}

interface Replay {
  readonly deps: ReplayTrafficDeps;
  readonly cache: SemanticCache;
  readonly corpus: LoadedCorpus;
  readonly tallies: Tallies;
  /** By the entry's question. */
  readonly madeBy: Map<string, Asked>;
  readonly contested: ReadonlySet<string>;
  readonly call: () => ModelCall;
}

async function askOne(replay: Replay, asked: Asked): Promise<void> {
  const { deps, cache, corpus, tallies, madeBy, call } = replay;
  const { question, cluster } = asked;
  const turn = await cache.begin(corpus.actor, {
    answerId: deps.newId(),
    question,
    collectionIds: [corpus.collectionId],
    standsAlone: standsAlone(question),
    usesHistory: false,
    asksAgain: false,
    instructions: "",
    isPrewarm: false,
  });
  const query = { text: question, collectionIds: [corpus.collectionId], limit: chunksFound };
  let hit = await turn.known();
  const found = hit === null ? await deps.retrieve(corpus.actor, query, call()) : null;
  if (found !== null) hit = await turn.provenBy(found, () => Promise.resolve(found));
  if (hit !== null) {
    noteHit(replay, asked, hit);
    return;
  }
  const answer = found === null ? null : answerFrom(question, cluster, found, corpus);
  if (answer === null || found === null) return;
  await turn.keep(answer, found, 0);
  tallies.kept += 1;
  madeBy.set(question, asked);
}

function noteHit({ tallies, madeBy, contested }: Replay, asked: Asked, hit: CacheHit): void {
  tallies[hit.by === "exact" ? "exact" : "semantic"] += 1;
  const made = madeBy.get(hit.entry.question);
  if (made?.cluster === asked.cluster) return;
  const id = `${asked.id}~${made?.id ?? ""}`;
  const turned = `${made?.id ?? ""}~${asked.id}`;
  (contested.has(id) || contested.has(turned) ? tallies.contested : tallies.wrong).push(id);
}

/** The answer from the cluster's own document, `null` when the search does not find it: then there is nothing to keep. */
function answerFrom(
  question: string,
  cluster: string,
  found: Retrieval,
  corpus: LoadedCorpus,
): AnswerSnapshot | null {
  const own = found.chunks.filter((chunk) => corpus.names.get(chunk.documentId) === cluster);
  const [quote] = chooseEvidence(evidenceCandidates(question, own), null).quotes;
  const [chunk] = own;
  if (quote === undefined || chunk === undefined) return null;
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

function figuresOf({ asked, repeats, kept, exact, semantic, wrong, contested }: Tallies) {
  const tally = { served: semantic - contested.length, wrong: wrong.length };
  return {
    metrics: {
      "traffic.first-sight.semantic-share": semantic / Math.max(asked, 1),
      "traffic.first-sight.semantic-share-of-repeats": semantic / Math.max(repeats, 1),
      "traffic.first-sight.wrong": wrong.length,
      "traffic.first-sight.wrong-bound": upperBound(tally),
    },
    counts: {
      "traffic.asked": asked,
      "traffic.repeats": repeats,
      "traffic.kept": kept,
      "traffic.exact": exact,
      "traffic.semantic": semantic,
      "traffic.contested": contested.length,
    },
    wrong,
  };
}

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
