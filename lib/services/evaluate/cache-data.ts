import type { EvaluationData } from "../../ports/evaluation-data.ts";

/** Two wordings; `same`: an answer to the one is a right answer to the other, as the source says. */
export interface LabelledWordings {
  readonly id: string;
  readonly a: string;
  readonly b: string;
  readonly same: boolean;
  readonly set: string;
}

/** Wordings of one question: any answer to one is right for all. */
export interface QuestionCluster {
  readonly cluster: number | string;
  readonly questions: readonly string[];
}

export interface CacheData {
  readonly pairs: readonly LabelledWordings[];
  readonly clusters: readonly QuestionCluster[];
}

/** Every file of the folder whose lines are pairs or clusters of wordings; others are left out. */
export async function readCacheData(data: EvaluationData): Promise<CacheData> {
  const pairs: LabelledWordings[] = [];
  const clusters: QuestionCluster[] = [];
  for (const name of await data.names(".jsonl")) {
    for await (const line of data.lines(name)) {
      const row = JSON.parse(line) as Partial<LabelledWordings & QuestionCluster>;
      if (isPair(row)) pairs.push(row);
      else if (isCluster(row)) clusters.push(row);
      else break;
    }
  }
  return { pairs, clusters };
}

type Row = Partial<LabelledWordings & QuestionCluster>;

const isPair = (row: Row): row is LabelledWordings =>
  [row.id, row.a, row.b, row.set].every((value) => typeof value === "string") &&
  typeof row.same === "boolean";
const isCluster = (row: Row): row is QuestionCluster =>
  row.cluster !== undefined && Array.isArray(row.questions);
