import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createBundledDemoAssets } from "#lib/adapters/files/bundled-demo-assets.ts";
import { createDemoCorpus } from "#lib/services/demo-corpus.ts";
import { createRetrieveChunks } from "#lib/services/retrieve-chunks.ts";
import { createSuggestedQuestions } from "#lib/services/suggested-questions.ts";
import { startTestCluster, type TestCluster } from "#testing/fakes/fake-ollama/cluster.ts";
import { ensureTestModels } from "#testing/models.ts";
import { type ChildProgram, startProgram } from "#testing/services/child-program.ts";
import { type DocumentLine, projectRoot, startDocumentLine } from "./document-line.ts";

const nodeProgram = join(projectRoot, "embedded/node/main.ts");
const assets = createBundledDemoAssets({ folder: join(projectRoot, "assets/demo") });

describe("the demo corpus over an embedded node", () => {
  let node: ChildProgram | undefined;
  let cluster: TestCluster | undefined;
  let line: DocumentLine;

  beforeAll(async () => {
    const started = await startProgram([nodeProgram, "--models", await ensureTestModels()]);
    node = started;
    const url = `http://127.0.0.1:${String(started.firstLine["port"])}`;
    cluster = await startTestCluster([{ url, id: "node-1" }]);
    line = await startDocumentLine(cluster.models);
  }, 120_000);
  afterAll(async () => {
    await line.close();
    await cluster?.stop();
    await node?.stop();
  });

  it("is installed with one call, answers its own questions and goes away without a trace", async () => {
    const { collections, search, clock, admin } = line;
    const demo = createDemoCorpus({ collections, assets, upload: line.uploadDocument });
    expect(await demo.status(admin)).toEqual({ installed: false, collectionId: null });
    const member = await line.addPerson("member");
    await expect(demo.install(member)).rejects.toMatchObject({ code: "forbidden" });
    const [first, second] = await Promise.all([demo.install(admin), demo.install(admin)]);
    expect(second).toEqual(first);
    expect(await line.workOff()).toEqual([]);
    const documents = await line.documents.list(member, {});
    expect(documents.map(({ status }) => status)).toEqual(["ready", "ready", "ready"]);
    expect(documents.every(({ pageCount }) => (pageCount ?? 0) >= 4)).toBe(true);

    const models = line.embedder;
    const retrieve = createRetrieveChunks({ search, models, clock });
    for (const { question, answeredBy } of await assets.questions()) {
      const query = { text: question, collectionIds: [], limit: 4 };
      const { chunks, lexicalOnly } = await retrieve(member, query, line.call());
      expect(lexicalOnly).toBe(false);
      const texts = chunks.map(({ text }) => text.replaceAll(/\s+/g, " "));
      expect({ question, found: texts.some((text) => text.includes(answeredBy)) }).toEqual({
        question,
        found: true,
      });
    }
    const suggest = createSuggestedQuestions({ collections, search, retrieve, assets, clock });
    expect(await suggest(member, [], new AbortController().signal)).toHaveLength(3);

    await expect(demo.remove(member)).rejects.toMatchObject({ code: "forbidden" });
    await demo.remove(admin);
    expect((await line.retrieve(admin, "National Archives")).chunks).toEqual([]);
    await line.workOff();
    expect(await demo.status(admin)).toEqual({ installed: false, collectionId: null });
    expect(await suggest(admin, [], new AbortController().signal)).toEqual([]);
  }, 120_000);

  it("makes questions from the headings of people's own documents, and asks them first", async () => {
    const { collections, search, clock, admin } = line;
    const retrieve = createRetrieveChunks({ search, models: line.embedder, clock });
    const suggest = createSuggestedQuestions({ collections, search, retrieve, assets, clock });
    const collectionId = await line.newCollection();
    const part = (title: string, text: string) => `## ${title}\n\n${text.repeat(6)}\n\n`;
    const guide = `# Garden guide\n\n${part("Watering tomatoes", "Tomatoes need five litres of water each second day in summer. ")}${part("Pruning roses", "Roses are pruned in March, when the forsythia is in flower. ")}`;
    await line.upload(collectionId, "guide.md", guide);
    await line.workOff();
    expect(await suggest(admin, [collectionId], new AbortController().signal)).toEqual([
      "What does “Garden guide” say about Watering tomatoes?",
      "What does “Garden guide” say about Pruning roses?",
    ]);
  }, 60_000);
});
