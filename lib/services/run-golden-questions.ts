import {
  goldenDepth,
  goldenMetrics,
  judgeGolden,
  type GoldenResult,
} from "../core/evaluation/golden-question.ts";
import { withNeighbours } from "../core/rag/neighbour-text.ts";
import { milliseconds } from "../core/time/milliseconds.ts";
import type { ModelCall } from "../core/scheduling/work.ts";
import type { Clock } from "../ports/clock.ts";
import type { GoldenQuestion, GoldenRuns, OpenGoldenRun } from "../ports/golden-store.ts";
import type { TextScorer } from "../ports/text-scorer.ts";
import { chooseAnswerEvidence } from "./choose-answer-evidence.ts";
import type { JobHandler } from "./job-workers.ts";
import type { RetrieveChunks } from "./retrieve-chunks.ts";

export interface RunGoldenQuestionsDeps {
  readonly runs: GoldenRuns;
  readonly retrieve: RetrieveChunks;
  readonly scorer: TextScorer;
  readonly clock: Clock;
}

/** Passages that evidence is chosen from, as an answer does. */
const answerPassages = 8;
const questionMs = 30_000;
/** Documents that wait are read in between. */
const turnMs = 5000;
const keptEvery = 20;

/** Asks the golden questions of a run as a person would, up to the point where a model would be asked; a few seconds at a time. */
export function createRunGoldenQuestions(deps: RunGoldenQuestionsDeps): JobHandler {
  const { runs, clock } = deps;
  return {
    async run({ payload }, signal) {
      const runId = String(payload["runId"]);
      const open = await runs.open(runId);
      if (open === null) return { kind: "complete" };
      const results = [...open.results];
      const stopAt = clock.now() + turnMs;
      for (const question of open.left) {
        signal.throwIfAborted();
        if (clock.now() >= stopAt) {
          await runs.progress(runId, results);
          return { kind: "wait", reason: "Others have their turn.", delayMs: 0 };
        }
        const result = await askGolden(deps, open, question, signal);
        if (result === null) {
          await runs.progress(runId, results);
          return { kind: "wait", reason: "No node could embed the question.", delayMs: questionMs };
        }
        results.push(result);
        if (results.length % keptEvery === 0) await runs.progress(runId, results);
      }
      await runs.finish(runId, results, goldenMetrics(results));
      return { kind: "complete" };
    },
    giveUp: ({ payload }, reason) => runs.fail(String(payload["runId"]), reason),
  };
}

/** `null` when the question could only be searched by its words: that is no figure of the search. */
async function askGolden(
  deps: RunGoldenQuestionsDeps,
  { actor, collectionId, settings, fileNames }: OpenGoldenRun,
  golden: GoldenQuestion,
  signal: AbortSignal,
): Promise<GoldenResult | null> {
  const { clock } = deps;
  const deadline = milliseconds(clock.now() + questionMs);
  const call: ModelCall = { class: "prewarm", client: "golden", deadline, signal };
  const found = await deps.retrieve(
    actor,
    { text: golden.question, collectionIds: [collectionId], limit: goldenDepth, settings },
    call,
  );
  if (found.lexicalOnly) return null;
  const chunks = found.chunks.slice(0, answerPassages);
  const { quotes, verdict } = await chooseAnswerEvidence(
    { scorer: deps.scorer, clock },
    { text: golden.question },
    { ...found, chunks },
    call,
    clock.now(),
  );
  const nameOf = (documentId: string | undefined): string => fileNames.get(documentId ?? "") ?? "";
  return judgeGolden(golden, {
    passages: found.chunks.map((chunk) => ({
      fileName: nameOf(chunk.documentId),
      text: withNeighbours(chunk).text,
    })),
    quotes: quotes.map(({ citation, text }) => ({
      fileName: nameOf(chunks[citation - 1]?.documentId),
      text,
    })),
    verdict,
  });
}
