import { randomUUID } from "node:crypto";
import { createCachePrewarmStore } from "#lib/adapters/database/cache-prewarm-store.ts";
import { createLeaderLease } from "#lib/adapters/database/leader-lease.ts";
import { createCachePrewarmer } from "#lib/cache-prewarmer.ts";
import { exactText } from "#lib/core/cache/answer-key.ts";
import { instructionsKey } from "#lib/core/chat/answer-instructions.ts";
import { createCuratedAnswers } from "#lib/services/curated-answers.ts";
import { createProveAtIdle } from "#lib/services/prove-at-idle.ts";
import { createQuietTime } from "#lib/services/quiet-time.ts";
import { createSuggestedQuestions } from "#lib/services/suggested-questions.ts";
import { createHurriedClock } from "#testing/fakes/hurried-clock.ts";
import { startCachedLine } from "./cached-line.ts";

/** The cached line with everything that works while nobody waits; half an hour passes in no time. */
export async function startPrewarmedLine() {
  const line = await startCachedLine();
  const database = line.connection.db;
  const prewarm = createCachePrewarmStore({ database });
  const { retrieve, collections, search, upkeep, answers: store } = line;
  const clock = createHurriedClock();
  const people = { open: 0 };
  const settings = { prewarm: true, prewarmQuestions: 15 };
  const quiet = createQuietTime({ records: { openCalls: () => people.open }, clock });
  const fingerprint = () => line.fingerprint;
  const curated = createCuratedAnswers({
    ...{ store, prewarm, search, retrieve, fingerprint, newId: randomUUID },
  });
  const idle = createProveAtIdle({
    ...{ store, upkeep, retrieve, clock, fingerprint, quiet, newId: randomUUID },
    sameQuestion: line.sameQuestion,
    answerVersion: "1",
    instructions: async (actor, ids) => instructionsKey(await collections.rules(actor, ids)),
    answer: line.answerAnew,
  });
  const suggest = createSuggestedQuestions({
    ...{ collections, search, retrieve, clock: line.clock },
    assets: { questions: () => Promise.resolve([]) },
  });
  const prewarmerOf = (owner: string) =>
    createCachePrewarmer({
      ...{ prewarm, store, curated, quiet, upkeep, idle, clock, suggest, owner },
      newId: randomUUID,
      answer: line.answer,
      keepResident: () => Promise.resolve({ loaded: 0, kept: 1, failed: 0 }),
      settings: () => settings,
      lease: createLeaderLease({ database }),
      log: line.log,
      mayWork: () => true,
      report: (error) => {
        line.faults.push(error);
      },
    });

  return {
    ...line,
    ...{ prewarm, curated, idle, people, prewarming: settings, prewarmerOf },
    /** Runs a prewarmer until `isDone` says so, asked after each of its writes. */
    async prewarmUntil(isDone: () => Promise<boolean>, owner = "one"): Promise<void> {
      const stop = new AbortController();
      const running = prewarmerOf(owner).run(stop.signal);
      while (!(await isDone()));
      stop.abort(new Error("done"));
      await running;
    },
    /** The first one first. Without what was stopped: the next round may begin before the end of the last one is seen. */
    async endedRuns() {
      const runs = (await prewarm.runs(50)).toReversed();
      return runs.filter(({ endedAt, outcome }) => endedAt !== null && outcome !== "stopped");
    },
    list: (question: string) =>
      prewarm.list(line.admin, {
        question,
        exactText: exactText(question),
        collectionIds: [],
        curated: null,
      }),
  };
}

export type PrewarmedLine = Awaited<ReturnType<typeof startPrewarmedLine>>;
