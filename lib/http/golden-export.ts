import { goldenLine, judgementLine, spanOf } from "../core/evaluation/golden-file.ts";
import type { GoldenQuestion } from "../ports/golden-store.ts";
import { csvField } from "./audit-export.ts";

export type GoldenFormat = "jsonl" | "csv" | "qrels" | "corpus";

interface CorpusDocument {
  readonly fileName: string;
  readonly title: string;
  readonly text: string;
}

/** The golden questions in pieces of text: a table for people, or the files of a folder that `npm run evaluate -- retrieval` reads. */
export async function* goldenFile(
  format: GoldenFormat,
  questions: readonly GoldenQuestion[],
  corpus: () => AsyncIterable<CorpusDocument>,
): AsyncGenerator<string, void> {
  switch (format) {
    case "csv":
      yield "question,file,passage\r\n";
      for (const { question, fileName, passage } of questions)
        yield `${[question, fileName ?? "", passage].map(csvField).join(",")}\r\n`;
      return;
    case "corpus":
      for await (const { fileName, title, text } of corpus())
        yield `${JSON.stringify({ id: fileName, title, text })}\n`;
      return;
    case "jsonl":
      for (const placed of await placedIn(questions, corpus())) yield goldenLine(placed);
      return;
    case "qrels":
      for (const placed of await placedIn(questions, corpus())) yield judgementLine(placed);
      return;
    default:
      format satisfies never;
  }
}

/** Each question with the place of its passage in the document of that name. */
async function placedIn(
  questions: readonly GoldenQuestion[],
  corpus: AsyncIterable<CorpusDocument>,
) {
  const spans = new Map<string, readonly [number, number]>();
  for await (const { fileName, text } of corpus)
    for (const golden of questions) {
      if (golden.fileName !== fileName || spans.has(golden.id)) continue;
      const span = spanOf(text, golden.passage);
      if (span !== null) spans.set(golden.id, span);
    }
  return questions.map((golden) => ({ ...golden, span: spans.get(golden.id) ?? null }));
}
