import type { Decided } from "../../core/evaluation/binary-measures.ts";
import type { CollectedFigures } from "../../core/evaluation/collected-figures.ts";
import type { EvaluationData } from "../../ports/evaluation-data.ts";
import { askedOfCorpus, judgeRefusal, type Ground } from "./judge-refusal.ts";
import { readCorpus, readQuestions, type JudgedQuestion } from "./retrieval-data.ts";

export interface QuestionSet {
  readonly name: string;
  readonly data: EvaluationData;
  /** What its corpus answers. */
  readonly questions: readonly string[];
}

const isAnswerable = ({ judged, wanted }: JudgedQuestion): boolean =>
  wanted !== null || [...(judged?.values() ?? [])].some((grade) => grade > 0);

/** The folders that are retrieval sets; none where there is only one, which has no others to be asked about. */
export async function readQuestionSets(data: EvaluationData): Promise<readonly QuestionSet[]> {
  const sets: QuestionSet[] = [];
  for (const [name, folder] of await data.folders()) {
    if (!(await folder.has("corpus.jsonl")) || !(await folder.has("queries.jsonl"))) continue;
    const judged = await readQuestions(folder);
    const questions = judged.filter(isAnswerable).map(({ text }) => text);
    if (questions.length > 0) sets.push({ name, data: folder, questions });
  }
  return sets.length > 1 ? sets : [];
}

/** Questions often stand in the order of their documents, so the first ones would be about a few of them only. */
function spreadOver(list: readonly string[], count: number): readonly string[] {
  const kept = Math.min(list.length, count);
  const place = (at: number) => Math.floor((at * list.length) / kept);
  const places = new Set(Array.from({ length: kept }, (_, at) => place(at)));
  return list.filter((_, at) => places.has(at));
}

/**
 * Adds for each set how well its corpus refuses the questions of the others (`refusal.wrong-corpus.SET`), and the mean over the
 * sets. Returns how many questions were asked.
 */
export async function judgeAcrossSets(
  ground: Ground,
  sets: readonly QuestionSet[],
  figures: CollectedFigures,
): Promise<number> {
  const decided: (readonly Decided[])[] = [];
  for (const { name, data, questions } of sets) {
    const others = sets.filter((set) => set.name !== name);
    const share = Math.floor(askedOfCorpus / others.length);
    ground.run.onProgress(`corpus of ${name}`);
    const judged = await judgeRefusal(ground, {
      entries: await readCorpus(data),
      own: spreadOver(questions, askedOfCorpus),
      foreign: others.flatMap((other) => spreadOver(other.questions, share)),
    });
    figures.addAccuracy(`refusal.wrong-corpus.${name}`, judged);
    decided.push(judged);
  }
  if (decided.length > 0) figures.addMeanAccuracy("refusal.wrong-corpus.mean", decided);
  return decided.flat().length;
}
