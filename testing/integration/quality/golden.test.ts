import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readGoldenLines, readGoldenTable } from "#lib/core/evaluation/golden-file.ts";
import { retrievalSettings } from "#lib/core/rag/rank-candidates.ts";
import { goldenFile, type GoldenFormat } from "#lib/http/golden-export.ts";
import { readRetrievalData } from "#lib/services/evaluate/retrieval-data.ts";
import { createMemoryEvaluationData } from "#testing/fakes/memory-evaluation-data.ts";
import { type QualityLine, startQualityLine } from "./quality-line.ts";

const rules =
  "# Harbour rules\n\nThe crane on the east quay lifts boats of up to 12 tonnes. The office opens at eight.\n";
const depot = "The depot keeps\nspare ropes, buoys and two anchors. Its key hangs in the office.\n";
const golden = [
  {
    question: "How heavy may boats be for the crane?",
    fileName: "rules.md",
    passage: "The crane on the east quay lifts boats of up to 12 tonnes.",
  },
  {
    question: "Which spare things does the depot keep?",
    fileName: "depot.txt",
    passage: "keeps spare ropes, buoys",
  },
  { question: "Where hangs the key of the depot?", fileName: "depot.txt", passage: "" },
  { question: "Who won the chess olympiad in Yerevan?", fileName: null, passage: "" },
] as const;

let line: QualityLine;
beforeAll(async () => {
  line = await startQualityLine();
});
afterAll(() => line.close());

async function collectionWithQuestions(): Promise<string> {
  const collectionId = await line.newCollection();
  await line.addDocument(collectionId, "rules.md", rules);
  await line.addDocument(collectionId, "depot.txt", depot);
  await line.golden.add(line.admin, collectionId, golden);
  return collectionId;
}

async function runOff(): Promise<void> {
  const never = new AbortController().signal;
  for (;;) {
    const job = await line.queue.lease(["golden"], "test", 60_000);
    if (job === null) return;
    const outcome = await line.handler.run(job, never);
    expect(outcome.kind).toBe("complete");
    await line.queue.complete(job);
  }
}

const exported = async (collectionId: string, format: GoldenFormat): Promise<string> => {
  const questions = await line.golden.list(line.admin, collectionId);
  let text = "";
  const corpus = () => line.golden.corpus(line.admin, collectionId);
  for await (const piece of goldenFile(format, questions, corpus)) text += piece;
  return text;
};

describe("golden questions", () => {
  it("are asked by a job, and judged by place, evidence and refusal", async () => {
    const collectionId = await collectionWithQuestions();
    const started = await line.golden.start(line.admin, collectionId, retrievalSettings);
    expect(started).toMatchObject({ status: "waiting", questionCount: 4, askedCount: 0 });
    await expect(
      line.golden.start(line.admin, collectionId, retrievalSettings),
    ).rejects.toMatchObject({ code: "conflict" });
    await runOff();
    const run = await line.golden.run(line.admin, started.id);
    expect(run).toMatchObject({ status: "complete", askedCount: 4 });
    expect(run.metrics).toMatchObject({ "recall@5": 1, evidence: 1, refused: 1, answered: 1 });
    expect(run.results.map(({ rank }) => rank === null)).toEqual(
      run.results.map(({ fileName }) => fileName === null),
    );
    expect((await line.golden.runs(line.admin, collectionId)).map(({ id }) => id)).toEqual([
      started.id,
    ]);
  });

  it("go on where a worker that died left them", async () => {
    const collectionId = await collectionWithQuestions();
    const { id } = await line.golden.start(line.admin, collectionId, retrievalSettings);
    const open = await line.runs.open(id);
    const [first] = open?.left ?? [];
    const done = {
      ...{ questionId: first?.id ?? "", question: "kept", fileName: null },
      ...{ rank: null, evidence: null, refused: true },
    };
    await line.runs.progress(id, [done]);
    await runOff();
    const { results } = await line.golden.run(line.admin, id);
    expect(results).toHaveLength(4);
    expect(results[0]?.question).toBe("kept");
  });

  it("may be asked again after a run was cancelled in the queue", async () => {
    const collectionId = await collectionWithQuestions();
    const { id } = await line.golden.start(line.admin, collectionId, retrievalSettings);
    await line.queue.cancel(`golden:${id}`);
    const [run] = await line.golden.runs(line.admin, collectionId);
    expect(run).toMatchObject({ id, status: "failed", failure: "It was cancelled." });
    const next = await line.golden.start(line.admin, collectionId, retrievalSettings);
    expect(next.status).toBe("waiting");
    await runOff();
  });

  it("are exported as a folder that the evaluation reads, and come back the same", async () => {
    const collectionId = await collectionWithQuestions();
    const lines = await exported(collectionId, "jsonl");
    const { corpus, questions } = await readRetrievalData(
      createMemoryEvaluationData({
        "queries.jsonl": lines.split("\n"),
        "corpus.jsonl": (await exported(collectionId, "corpus")).split("\n"),
        "qrels.tsv": (await exported(collectionId, "qrels")).split("\n"),
      }),
    );
    expect(corpus.map(({ id }) => id)).toEqual(["depot.txt", "rules.md"]);
    const found = questions.map(({ text, wanted, judged }) => {
      const document = corpus.find(({ id }) => id === wanted?.documentId);
      const spans = wanted?.spans.map(([start, end]) => document?.text.slice(start, end));
      return { text, spans: spans ?? null, judged: judged === null ? null : [...judged.keys()] };
    });
    expect(found).toHaveLength(3);
    expect(found).toContainEqual({
      text: golden[0].question,
      spans: [golden[0].passage],
      judged: null,
    });
    expect(found).toContainEqual({
      text: golden[1].question,
      spans: ["keeps\nspare ropes, buoys"],
      judged: null,
    });
    expect(found).toContainEqual({ text: golden[2].question, spans: null, judged: ["depot.txt"] });
    const inOrder = (all: readonly { readonly question: string }[]) =>
      all.toSorted((one, other) => one.question.localeCompare(other.question));
    expect(inOrder(readGoldenLines(lines).questions)).toEqual(inOrder(golden));
    expect(inOrder(readGoldenTable(await exported(collectionId, "csv")).questions)).toEqual(
      inOrder(golden),
    );
  });

  it("are made from an answer of the workspace, once, and never link another workspace's", async () => {
    const collectionId = await line.newCollection();
    const { answerId } = await line.ask(line.admin, "What is a zither?");
    const made = { question: "What is a zither?", fileName: null, passage: "", answerId };
    expect(await line.golden.add(line.admin, collectionId, [made])).toEqual({ added: 1, known: 0 });
    const again = { ...made, question: "WHAT IS A ZITHER?" };
    expect(await line.golden.add(line.admin, collectionId, [again])).toEqual({
      added: 0,
      known: 1,
    });
    expect((await line.golden.list(line.admin, collectionId))[0]?.answerId).toBe(answerId);
    const { questions } = await line.work.list(line.admin, "open", line.policy);
    expect(questions.find((one) => one.answerId === answerId)?.isGolden).toBe(true);
    await line.connection.pool.query(
      `with w as (insert into workspaces (name) values ('Other') returning id)
        update conversations set workspace_id = (select id from w)`,
    );
    await line.golden.add(line.admin, collectionId, [{ ...made, question: "Another?" }]);
    const [newest] = await line.golden.list(line.admin, collectionId);
    expect(newest).toMatchObject({ question: "Another?", answerId: null });
  });
});
