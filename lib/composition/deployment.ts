import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { createCollectionStore } from "../adapters/database/collection-store.ts";
import { openDatabase, type DatabaseConnection } from "../adapters/database/connection.ts";
import { readDatabaseFacts } from "../adapters/database/database-facts.ts";
import { createTrialWorkspace } from "../adapters/database/trial-workspace.ts";
import { readNodeFacts } from "../adapters/ollama/node-facts.ts";
import { readRedisFacts } from "../adapters/redis/redis-facts.ts";
import { createSystemClock } from "../adapters/system/clock.ts";
import { fileFacts, freeBytesOf } from "../adapters/system/machine-facts.ts";
import type { Config } from "../config.ts";
import type { Finding } from "../core/deployment/finding.ts";
import { AppError } from "../core/errors/app-error.ts";
import { defaultSettings } from "../core/settings/settings.ts";
import type { DeploymentFacts, DeploymentTrial } from "../ports/deployment-facts.ts";
import { answerQuestion } from "../services/answer-question.ts";
import { checkDeployment } from "../services/check-deployment.ts";
import { createEmbeddingScorer } from "../services/embedding-scorer.ts";
import { createDeploymentTrial } from "../services/deployment-trial.ts";
import { composeCluster } from "./cluster.ts";
import { composeDocuments } from "./documents.ts";

const connections = 4;

const openConfigured = ({ databaseUrl }: Config): Promise<DatabaseConnection> => {
  if (databaseUrl === undefined)
    throw new AppError("database_unavailable", { reason: "DATABASE_URL is not set" });
  return openDatabase({ url: databaseUrl, maxConnections: connections });
};

const factsOf = (config: Config, projectRoot: string): DeploymentFacts => ({
  node: readNodeFacts,
  async database() {
    const connection = await openConfigured(config);
    try {
      return await readDatabaseFacts(connection, join(projectRoot, "drizzle/migrations"));
    } finally {
      await connection.close();
    }
  },
  redis: readRedisFacts,
  freeBytes: freeBytesOf,
  file: fileFacts,
  userId: () => process.getuid?.() ?? null,
});

/** The services of the product over its own database and nodes, without anything that a second app would do. */
const trialOf = (config: Config, projectRoot: string): DeploymentTrial => ({
  async run(document, question) {
    const connection = await openConfigured(config);
    const clock = createSystemClock();
    const { db } = connection;
    const cluster = composeCluster({ db, clock }, config);
    const collections = createCollectionStore({ db });
    const { models } = cluster;
    const report = (): undefined => undefined;
    const parts = { db, clock, owner: randomUUID(), report, collections, models };
    const documents = composeDocuments(
      { ...parts, settings: () => defaultSettings },
      config,
      projectRoot,
    );
    const scorer = createEmbeddingScorer({ models, clock });
    const trial = createDeploymentTrial({
      ...{ clock, collections, upload: documents.upload, documents: documents.store },
      loops: [(signal) => cluster.run(signal), (signal) => documents.workers.run(signal)],
      isReady: () => cluster.status.ready(),
      answer: (actor, asked, call) =>
        answerQuestion({ retrieve: documents.retrieve, models, scorer, clock }, actor, asked, call),
    });
    const workspace = await createTrialWorkspace(db);
    try {
      return await trial(workspace.actor, document, question);
    } finally {
      await workspace.remove();
      await cluster.dispose();
      await connection.close();
    }
  },
});

/** Everything that `npm run check:deployment` finds, one after another. */
export const findingsOf = (config: Config, projectRoot: string): AsyncGenerator<Finding, void> =>
  checkDeployment(
    {
      facts: factsOf(config, projectRoot),
      trial: trialOf(config, projectRoot),
      clock: createSystemClock(),
    },
    {
      nodes: config.ollamaNodes,
      models: { chat: config.chatModel, embedding: config.embedModel },
      redisUrl: config.redisUrl,
      redisCacheUrl: config.redisCacheUrl,
      dataDir: config.dataDir,
      modelsDir: config.modelsDir,
      secretFile: config.secretFile,
      setupLinkFile: join(config.dataDir, "setup-link"),
      host: config.host,
      publicOrigin: config.publicOrigin,
    },
  );
