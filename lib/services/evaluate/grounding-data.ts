import type { Span } from "../../core/evaluation/ranking-measures.ts";
import type { EvaluationData } from "../../ports/evaluation-data.ts";

export interface JudgedPassage {
  readonly id: string;
  readonly question: string;
  readonly title: string;
  readonly paragraph: string;
  /** The one sentence that answers; `null`: the passage does not. */
  readonly support: Span | null;
}

export interface JudgedClaim {
  readonly claim: string;
  readonly passage: string;
  readonly supported: boolean;
}

const parts = ["", "-dev", "-test", "-train"];

async function* linesOf(data: EvaluationData, name: string): AsyncGenerator {
  for (const part of parts) {
    const file = `${name}${part}.jsonl`;
    if (!(await data.has(file))) continue;
    for await (const line of data.lines(file)) yield JSON.parse(line);
  }
}

interface StoredPassage {
  readonly id: string;
  readonly question: string;
  readonly title: string;
  readonly paragraph: string;
  readonly explanation_type: "single_sentence" | "multi_sentence" | "none";
  readonly supporting_start?: number;
  readonly supporting_end?: number;
}

/** `qed`: passages with one supporting sentence or none; those that need several are left out. */
export async function readPassages(data: EvaluationData): Promise<readonly JudgedPassage[]> {
  const passages: JudgedPassage[] = [];
  for await (const line of linesOf(data, "qed")) {
    const { id, question, title, paragraph, ...stored } = line as StoredPassage;
    const { explanation_type: kind, supporting_start: start, supporting_end: end } = stored;
    if (kind === "multi_sentence") continue;
    const hasSupport = kind === "single_sentence" && start !== undefined && end !== undefined;
    const support: Span | null = hasSupport ? [start, end] : null;
    passages.push({ id, question, title, paragraph, support });
  }
  return passages;
}

interface StoredClaim {
  readonly claim: string;
  readonly label?: string;
  readonly attributable?: boolean;
  readonly evidence?: readonly string[];
  readonly references?: readonly string[];
}

/** `wice` and `attributionbench`: claims with the text they cite, by file. */
export async function readClaims(
  data: EvaluationData,
): Promise<ReadonlyMap<string, readonly JudgedClaim[]>> {
  const claims = new Map<string, JudgedClaim[]>();
  for (const name of ["wice", "attributionbench"]) {
    for await (const line of linesOf(data, name)) {
      const { claim, label, attributable, evidence, references } = line as StoredClaim;
      const list = claims.get(name) ?? [];
      claims.set(name, list);
      const passage = (evidence ?? references ?? []).join("\n");
      list.push({ claim, passage, supported: attributable ?? label === "supported" });
    }
  }
  return claims;
}
