import type { Decided } from "../../core/evaluation/binary-measures.ts";
import type { ModelCall } from "../../local-models.ts";
import { chooseAnswerEvidence } from "../choose-answer-evidence.ts";
import type { EvaluateAnswersDeps } from "./answer-deps.ts";
import type { EvaluationRun } from "./evaluation.ts";
import { loadCorpus, type LoadedCorpus } from "./load-corpus.ts";
import type { CorpusEntry } from "./retrieval-data.ts";

export interface Ground {
  readonly deps: EvaluateAnswersDeps;
  readonly run: EvaluationRun;
  readonly call: () => ModelCall;
}

export interface CorpusQuestions {
  readonly entries: readonly CorpusEntry[];
  /** What the corpus answers. */
  readonly own: readonly string[];
  /** What it does not. */
  readonly foreign: readonly string[];
}

/** Of each of the two kinds, at most. */
export const askedOfCorpus = 200;

const chunksAsked = 8;

/** Whether the product finds an answer to this in the corpus. */
async function isAnswered({ deps, call }: Ground, corpus: LoadedCorpus, text: string) {
  const query = { text, collectionIds: [corpus.collectionId], limit: chunksAsked };
  const found = await deps.retrieve(corpus.actor, query, call());
  const evidence = await chooseAnswerEvidence(deps, { text }, found, call(), deps.clock.now());
  return evidence.verdict === "answerable";
}

/** Loads a corpus into a collection of its own and asks it what it answers and what it does not. */
export async function judgeRefusal(
  ground: Ground,
  { entries, own, foreign }: CorpusQuestions,
): Promise<readonly Decided[]> {
  const { deps, run, call } = ground;
  const corpus = await loadCorpus(deps, entries, call, run.onProgress);
  const decided: Decided[] = [];
  for (const [truth, questions] of [
    [true, own],
    [false, foreign],
  ] as const) {
    for (const question of questions) {
      run.signal.throwIfAborted();
      decided.push({ truth, said: await isAnswered(ground, corpus, question) });
      if (decided.length % 100 === 0)
        run.onProgress(`${String(decided.length)} questions asked of the corpus`);
    }
  }
  return decided;
}
