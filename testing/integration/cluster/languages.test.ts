import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSystemClock } from "#lib/adapters/system/clock.ts";
import type { LocalModels } from "#lib/local-models.ts";
import { withCachedEmbeddings } from "#lib/services/cached-embeddings.ts";
import { chooseAnswerEvidence } from "#lib/services/choose-answer-evidence.ts";
import { createEmbeddingScorer } from "#lib/services/embedding-scorer.ts";
import { startTestCluster, type TestCluster } from "#testing/fakes/fake-ollama/cluster.ts";
import { createMemoryRetrieval } from "#testing/fakes/memory-retrieval.ts";
import { startTieredCache } from "#testing/services/memory-cache.ts";
import {
  type RunningNode,
  startEmbeddedNode,
} from "#testing/integration/embedded-node/start-embedded-node.ts";

interface LanguageSet {
  readonly language: string;
  readonly documents: readonly {
    readonly title: string;
    readonly text: string;
    readonly question: string;
  }[];
  readonly foreign: readonly string[];
}

const actor = { userId: "someone", workspaceId: "w", role: "member" } as const;
const clock = createSystemClock();

let node: RunningNode;
let cluster: TestCluster;
let models: LocalModels;
let sets: readonly LanguageSet[];

beforeAll(async () => {
  const file = await readFile("testing/fixtures/languages/questions.jsonl", "utf8");
  sets = file
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as LanguageSet);
  node = await startEmbeddedNode("--id", "a");
  cluster = await startTestCluster([{ id: `n${String(node.port)}`, url: node.url }]);
  // Each document is embedded once, not for each question.
  models = withCachedEmbeddings(cluster.models, startTieredCache(clock), "embedding");
}, 60_000);
afterAll(async () => {
  await cluster.stop();
  await node.stop();
});

/** Of these questions, how many are taken for answerable. */
async function answered(set: LanguageSet, questions: readonly string[]): Promise<number> {
  const retrieve = createMemoryRetrieval(models, set.documents);
  const scorer = createEmbeddingScorer({ models, clock });
  let count = 0;
  for (const text of questions) {
    const found = await retrieve(actor, { text, collectionIds: [], limit: 6 }, cluster.call());
    const choice = await chooseAnswerEvidence(
      { scorer, clock },
      { text },
      found,
      cluster.call(),
      clock.now(),
    );
    if (choice.verdict === "answerable") count += 1;
  }
  return count;
}

describe("with the English embedder that comes with Drover", { timeout: 120_000 }, () => {
  it("documents in fifteen languages answer what they hold, and nothing of what they do not", async () => {
    let [own, foreign, asked, foreignAsked] = [0, 0, 0, 0];
    for (const set of sets) {
      const questions = set.documents.map(({ question }) => question);
      own += await answered(set, questions);
      foreign += await answered(set, set.foreign);
      asked += questions.length;
      foreignAsked += set.foreign.length;
    }
    expect([asked, foreignAsked]).toEqual([90, 90]);
    // By nearness, which says nothing in most of these languages, 52 of the foreign ones were answered too.
    expect(own).toBeGreaterThanOrEqual(81);
    expect(foreign).toBeLessThanOrEqual(9);
  });
});
