import type { Judgements, Span } from "../../core/evaluation/ranking-measures.ts";
import type { EvaluationData } from "../../ports/evaluation-data.ts";

export interface CorpusEntry {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

export interface JudgedQuestion {
  readonly id: string;
  readonly text: string;
  /** Grades by document; `null` where the data names spans instead. */
  readonly judged: Judgements | null;
  /** The spans of one document that hold the answer. */
  readonly wanted: { readonly documentId: string; readonly spans: readonly Span[] } | null;
}

export interface RetrievalData {
  readonly corpus: readonly CorpusEntry[];
  /** Those with a judgement. */
  readonly questions: readonly JudgedQuestion[];
}

interface StoredQuery {
  readonly id: string | number;
  readonly text: string;
  readonly corpus_id?: string;
  readonly references?: readonly { readonly start: number; readonly end: number }[];
}

/** Folder `corpus.jsonl`, `queries.jsonl` and `qrels.tsv` (or spans in the queries); each may be packed. Throws AppError `not_found`. */
export async function readRetrievalData(data: EvaluationData): Promise<RetrievalData> {
  return { corpus: await readCorpus(data), questions: await readQuestions(data) };
}

export async function readCorpus(data: EvaluationData): Promise<readonly CorpusEntry[]> {
  const corpus: CorpusEntry[] = [];
  for await (const line of data.lines("corpus.jsonl")) {
    const { id, title, text } = JSON.parse(line) as Partial<CorpusEntry>;
    corpus.push({ id: String(id), title: title ?? "", text: text ?? "" });
  }
  return corpus;
}

/** Those with a judgement. */
export async function readQuestions(data: EvaluationData): Promise<readonly JudgedQuestion[]> {
  const grades = await readGrades(data);
  const questions: JudgedQuestion[] = [];
  for await (const line of data.lines("queries.jsonl")) {
    const query = JSON.parse(line) as StoredQuery;
    const id = String(query.id);
    const judged = grades.get(id) ?? null;
    const wanted =
      query.corpus_id === undefined || query.references === undefined
        ? null
        : {
            documentId: query.corpus_id,
            spans: query.references.map(({ start, end }): Span => [start, end]),
          };
    if (judged !== null || wanted !== null)
      questions.push({ id, text: query.text, judged, wanted });
  }
  return questions;
}

async function readGrades(data: EvaluationData): Promise<ReadonlyMap<string, Judgements>> {
  const grades = new Map<string, Map<string, number>>();
  if (!(await data.has("qrels.tsv"))) return grades;
  for await (const line of data.lines("qrels.tsv")) {
    const [question = "", document = "", grade = ""] = line.split("\t");
    const judged = grades.get(question) ?? new Map<string, number>();
    grades.set(question, judged.set(document, Number(grade)));
  }
  return grades;
}
