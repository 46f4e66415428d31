import {
  bootstrapBounds,
  coverage,
  mean,
  ndcg,
  recall,
  reciprocalRank,
  type Span,
} from "../../core/evaluation/ranking-measures.ts";
import { createReferenceBm25 } from "../../core/evaluation/reference-bm25.ts";
import { withNeighbours } from "../../core/rag/neighbour-text.ts";
import { retrievalSettings } from "../../core/rag/rank-candidates.ts";
import { milliseconds } from "../../core/time/milliseconds.ts";
import type { LocalModels, ModelCall } from "../../local-models.ts";
import type { Clock } from "../../ports/clock.ts";
import type { CorpusLoader } from "../../ports/corpus-loader.ts";
import type { Retrieval, RetrievalQuery, RetrieveChunks } from "../retrieve-chunks.ts";
import type { Evaluation, EvaluationRun } from "./evaluation.ts";
import { loadCorpus, type LoadedCorpus } from "./load-corpus.ts";
import { readRetrievalData, type JudgedQuestion } from "./retrieval-data.ts";

export interface EvaluateRetrievalDeps {
  readonly loader: CorpusLoader;
  readonly models: Pick<LocalModels, "embed">;
  readonly retrieve: RetrieveChunks;
  readonly clock: Clock;
}

/** The whole search beside each of its legs alone. */
const legs: Readonly<Record<string, Partial<Pick<RetrievalQuery, "settings">>>> = {
  lexical: { settings: { ...retrievalSettings, vectorShare: 0, vectorCandidates: 0 } },
  vector: { settings: { ...retrievalSettings, vectorShare: 1, lexicalCandidates: 0 } },
  hybrid: {},
};

const chunksAsked = 60;
const documentsKept = 20;
const stepMs = 120_000;

type Values = Map<string, number[]>;

const note = (values: Values, name: string, value: number): void => {
  const list = values.get(name) ?? [];
  values.set(name, list);
  list.push(value);
};

/** Documents in the order of their best chunk. */
const documentsOf = (found: Retrieval, corpus: LoadedCorpus): readonly string[] => [
  ...new Set(found.chunks.map((chunk) => corpus.names.get(chunk.documentId) ?? "")),
];

function judgeRanking(
  values: Values,
  leg: string,
  ranked: readonly string[],
  question: JudgedQuestion,
) {
  const { judged } = question;
  if (judged === null) return;
  note(values, `${leg}.ndcg@10`, ndcg(ranked, judged, 10));
  note(values, `${leg}.recall@5`, recall(ranked, judged, 5));
  note(values, `${leg}.recall@20`, recall(ranked, judged, 20));
  note(values, `${leg}.mrr@10`, reciprocalRank(ranked, judged, 10));
}

/** Where the data names spans: what share of them the first passages hold, as an answer gets them. */
function judgeSpans(
  values: Values,
  leg: string,
  found: Retrieval,
  corpus: LoadedCorpus,
  { wanted }: JudgedQuestion,
): void {
  if (wanted === null) return;
  const passages = found.chunks.map((chunk) => {
    const { charStart, charEnd } = withNeighbours(chunk);
    const isThere = corpus.names.get(chunk.documentId) === wanted.documentId;
    const nowhere: Span = [0, 0];
    const whole: Span = isThere ? [charStart, charEnd] : nowhere;
    const alone: Span = isThere ? [chunk.charStart, chunk.charEnd] : nowhere;
    return { whole, alone };
  });
  const covered = (count: number, part: "whole" | "alone") =>
    coverage(
      passages.slice(0, count).map((passage) => passage[part]),
      wanted.spans,
    );
  note(values, `${leg}.recall@5`, covered(5, "whole"));
  note(values, `${leg}.recall@20`, covered(20, "whole"));
  note(values, `${leg}.chunk-recall@5`, covered(5, "alone"));
  const gains = passages.map((passage) => coverage([passage.alone], wanted.spans));
  const asGrades = new Map(gains.map((gain, place) => [String(place), gain]));
  note(values, `${leg}.ndcg@10`, ndcg([...asGrades.keys()], asGrades, 10));
  const first = gains.findIndex((gain) => gain > 0);
  note(values, `${leg}.mrr@10`, first === -1 || first >= 10 ? 0 : 1 / (first + 1));
}

function summarised(values: Values) {
  const metrics: Record<string, number> = {};
  const bounds: Record<string, readonly [number, number]> = {};
  for (const [name, list] of values) {
    metrics[name] = mean(list);
    const { low, high } = bootstrapBounds(list);
    bounds[name] = [low, high];
  }
  return { metrics, bounds };
}

/** How far the whole search stands above the better leg, question by question, with bounds. */
function noteGain(values: Values, measure: string): void {
  const of = (leg: string) => values.get(`${leg}.${measure}`) ?? [];
  const better = mean(of("lexical")) >= mean(of("vector")) ? of("lexical") : of("vector");
  of("hybrid").forEach((value, place) => {
    note(values, `hybrid-over-better.${measure}`, value - (better[place] ?? 0));
  });
}

async function askAll(
  deps: EvaluateRetrievalDeps,
  run: EvaluationRun,
  corpus: LoadedCorpus,
  questions: readonly JudgedQuestion[],
  call: () => ModelCall,
): Promise<{ readonly values: Values; readonly runLines: readonly string[] }> {
  const values: Values = new Map();
  const runLines: string[] = [];
  for (const [place, question] of questions.entries()) {
    run.signal.throwIfAborted();
    for (const [leg, its] of Object.entries(legs)) {
      const { collectionId } = corpus;
      const query = {
        text: question.text,
        collectionIds: [collectionId],
        limit: chunksAsked,
        ...its,
      };
      const found = await deps.retrieve(corpus.actor, query, call());
      const ranked = documentsOf(found, corpus).slice(0, documentsKept);
      judgeRanking(values, leg, ranked, question);
      judgeSpans(values, leg, found, corpus, question);
      if (leg !== "hybrid") continue;
      ranked.forEach((document, index) => {
        const score = String(documentsKept - index);
        runLines.push(`${question.id} Q0 ${document} ${String(index + 1)} ${score} drover`);
      });
    }
    if ((place + 1) % 50 === 0)
      run.onProgress(`${String(place + 1)} of ${String(questions.length)} questions asked`);
  }
  return { values, runLines };
}

/**
 * Retrieval on a folder with judged questions: stores its texts in a database of its own and asks each question with the product's
 * search and with each leg alone. `reference.ndcg@10` is a plain full BM25 over whole documents.
 */
export function createEvaluateRetrieval(deps: EvaluateRetrievalDeps): Evaluation {
  return async (run) => {
    const { corpus: entries, questions } = await readRetrievalData(run.data);
    const call = (): ModelCall => ({
      class: "ingest",
      client: "evaluate",
      deadline: milliseconds(deps.clock.now() + stepMs),
      signal: run.signal,
    });
    const corpus = await loadCorpus(deps, entries, call, run.onProgress);
    const { values, runLines } = await askAll(deps, run, corpus, questions, call);
    const search = createReferenceBm25(
      entries.map(({ id, title, text }) => ({ id, text: `${title}\n${text}` })),
    );
    for (const { text, judged } of questions)
      if (judged !== null) note(values, "reference.ndcg@10", ndcg(search(text, 10), judged, 10));
    if (values.has("hybrid.ndcg@10")) noteGain(values, "ndcg@10");
    noteGain(values, "recall@5");
    return {
      ...summarised(values),
      counts: {
        documents: entries.length,
        chunks: corpus.chunkCount,
        questions: questions.length,
      },
      runLines,
    };
  };
}
