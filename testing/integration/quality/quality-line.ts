import { createAnswerStore } from "#lib/adapters/database/answer-store.ts";
import { createAnswerTraces } from "#lib/adapters/database/answer-traces.ts";
import { createConversationStore } from "#lib/adapters/database/conversation-store.ts";
import { createGoldenRuns } from "#lib/adapters/database/golden-runs.ts";
import { createGoldenStore } from "#lib/adapters/database/golden-store.ts";
import { createQualityWork } from "#lib/adapters/database/quality-work.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { emptyAnswer, foldAnswer } from "#lib/core/chat/fold-answer.ts";
import type { LocalModels } from "#lib/local-models.ts";
import { answerQuestion } from "#lib/services/answer-question.ts";
import { createEmbeddingScorer } from "#lib/services/embedding-scorer.ts";
import { createReadTrace } from "#lib/services/read-trace.ts";
import { createRetrieveChunks } from "#lib/services/retrieve-chunks.ts";
import { createRunGoldenQuestions } from "#lib/services/run-golden-questions.ts";
import { createTracedAnswers } from "#lib/services/traced-answers.ts";
import { createTrySearch } from "#lib/services/try-search.ts";
import { createScriptedModels } from "#testing/fakes/scripted-models.ts";
import { hashingEmbedder, startDocumentLine } from "../documents/document-line.ts";

/** Documents, traced answers, golden questions and the work list over one real database; the model says a fixed line. */
export async function startQualityLine() {
  const line = await startDocumentLine();
  const { clock, search } = line;
  const { db } = line.connection;
  const conversations = createConversationStore({ db });
  const traces = createAnswerTraces({ database: db });
  const answers = createAnswerStore({ db });
  const policy = { refusalsShown: true, traceDays: 30 };
  const faults: unknown[] = [];
  const scripted = createScriptedModels("smollm2:135m", [
    "The crane lifts boats of up to 12 tonnes.",
  ]);
  /** Answers that the model was called for. */
  const calledFor: (string | undefined)[] = [];
  const models: LocalModels = {
    ...scripted,
    embed: hashingEmbedder.embed,
    chat(request, call) {
      calledFor.push(call.answerId);
      return scripted.chat(request, call);
    },
  };
  const retrieve = createRetrieveChunks({ search, models, clock });
  const scorer = createEmbeddingScorer({ models, clock });
  let written = Promise.withResolvers<undefined>();
  const answer = createTracedAnswers({
    answering: { retrieve, models, scorer, clock },
    answer: answerQuestion,
    traces: {
      async keep(...kept) {
        await traces.keep(...kept);
        written.resolve(undefined);
      },
    },
    clock,
    traceDays: () => policy.traceDays,
    report: (error) => {
      faults.push(error);
      written.resolve(undefined);
    },
  });
  return {
    ...line,
    policy,
    faults,
    calledFor,
    conversations,
    traces,
    retrieve,
    work: createQualityWork({ database: db }),
    golden: createGoldenStore({ database: db }),
    runs: createGoldenRuns({ database: db }),
    handler: createRunGoldenQuestions({
      ...{ retrieve, scorer, clock, runs: createGoldenRuns({ database: db }) },
    }),
    trySearch: createTrySearch({ retrieve, search, clock }),
    readTrace: createReadTrace({ traces, search, refusalsShown: () => policy.refusalsShown }),
    /** Asks in a conversation of its own; resolves when answer and trace are stored. */
    async ask(actor: Actor, question: string, attach: readonly [string, string] | null = null) {
      const { id } = await conversations.create(actor, { title: "t", collectionIds: [] });
      if (attach !== null) {
        const collectionId = await conversations.makeAttachments(actor, id);
        await line.upload(collectionId, attach[0], attach[1], actor);
        await line.workOff();
      }
      const turn = await conversations.addTurn(actor, id, { question, owner: "test" });
      const { answerId, collectionIds, history } = turn;
      written = Promise.withResolvers<undefined>();
      let snapshot = emptyAnswer;
      const asked = { answerId, question, collectionIds, history };
      for await (const event of answer(actor, asked, line.call()))
        snapshot = foldAnswer(snapshot, event);
      const { outcome } = snapshot;
      if (outcome === "running") throw new Error("the answer did not end");
      await answers.finish(answerId, outcome, snapshot);
      await written.promise;
      return { answerId, conversationId: id, outcome };
    },
    async addDocument(collectionId: string, fileName: string, text: string): Promise<string> {
      const { document } = await line.upload(collectionId, fileName, text);
      const problems = await line.workOff();
      if (problems.length > 0) throw problems[0];
      return document.id;
    },
  };
}

export type QualityLine = Awaited<ReturnType<typeof startQualityLine>>;
