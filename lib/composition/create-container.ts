import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { retireConversations } from "../adapters/database/conversation-retention.ts";
import { createAnswerTraces } from "../adapters/database/answer-traces.ts";
import { createCollectionStore } from "../adapters/database/collection-store.ts";
import { openDatabase, type DatabaseConnection } from "../adapters/database/connection.ts";
import { forgetExpiredAccess } from "../adapters/database/expired-access.ts";
import { createFlaggedPassages } from "../adapters/database/flagged-passages.ts";
import { createProcessPresence } from "../adapters/database/process-presence.ts";
import type { Database } from "../adapters/database/typed-database.ts";
import { migrateDatabase } from "../adapters/database/migrate.ts";
import { createSystemClock } from "../adapters/system/clock.ts";
import { createReport } from "../adapters/system/log.ts";
import { keepVectorIndexes } from "../adapters/database/vector-index.ts";
import { readSecretFile } from "../adapters/system/secret-file.ts";
import type { Config } from "../config.ts";
import type { Container } from "./container-shape.ts";
import type { Settings } from "../core/settings/settings.ts";
import type { Clock } from "../ports/clock.ts";
import { listeningAdvice } from "../core/access/listening-advice.ts";
import { AppError } from "../core/errors/app-error.ts";
import type { CachePrewarmer } from "../cache-prewarmer.ts";
import { createAbandonedAnswers } from "../services/abandoned-answers.ts";
import { answerQuestion, answerVersion } from "../services/answer-question.ts";
import { withCachedEmbeddings } from "../services/cached-embeddings.ts";
import { keyOf } from "../adapters/database/cache-keys.ts";
import type { TieredCache } from "../services/tiered-cache.ts";
import { rehearse } from "../services/rehearse-answers.ts";
import type { RunningAnswers } from "../services/running-answers.ts";
import { composeAnswers } from "./answers.ts";
import { createBackground } from "./background.ts";
import { composeCache } from "./cache.ts";
import { composeCluster, type Cluster } from "./cluster.ts";
import { composeDocuments, type Documents } from "./documents.ts";
import { composeAccounts } from "./people.ts";
import { composeQuality } from "./quality.ts";
import { composeSameQuestion } from "./same-question.ts";
import { composeSettings } from "./settings.ts";
import { snapshotLoops } from "./snapshots.ts";
import { composeSources } from "./sources.ts";

export interface ContainerOptions {
  readonly config: Config;
  /** Folder that holds `lib`, `drizzle` and `assets`: children and workers run from it, unbundled. */
  readonly projectRoot: string;
  readonly writeLine: (line: string) => void;
}

/** What the process itself may do, beside what routes may. */
export interface RunningContainer extends Container {
  /** Recovers what an earlier process left, then probes, works and sweeps until `dispose`. */
  startBackground(): Promise<void>;
  /** Takes no more questions, lets running answers end (25 s), stops the work in the background and closes everything. */
  dispose(): Promise<void>;
}

// One statement runs at a time in the embedded database; more connections only keep idle ones at hand.
const databaseConnections = 10;
/** At 16 kB at most each: 320 MB. */
const mostTraces = 20_000;

/** The whole program, wired by hand: the only place that knows which adapter stands behind a port. */
export async function createContainer(options: ContainerOptions): Promise<RunningContainer> {
  const { config, projectRoot, writeLine } = options;
  const clock = createSystemClock();
  const report = createReport(writeLine, () => clock.wallTime());
  const connection = await openMigrated(options);
  const { db, preparing } = connection;
  const owner = randomUUID();
  const secret = await readSecretFile(config.secretFile);
  const people = composeAccounts({ db, preparing, clock, secret, writeLine }, config, projectRoot);
  const settings = await composeSettings({ db, clock, audit: people.audit });
  const cluster = composeCluster({ db, clock, settings: settings.current }, config);
  const collections = createCollectionStore({ db, preparing });
  const cache = await openCache({ db, preparing, clock, secret, report }, config);
  const models = withCachedEmbeddings(cluster.models, cache.tiers, "embedding");
  const parts = { db, clock, owner, report, collections, models, cache };
  const documents = composeDocuments({ ...parts, ...retiring(db, settings) }, config, projectRoot);
  const sources = composeSources({ db, clock, settings, documents, audit: people.audit }, config);
  const answers = composeAnswers({
    ...{ ...parts, preparing },
    retrieve: documents.retrieve,
    settings: settings.current,
    admission: cluster.admission,
    ...prewarming(cluster, documents),
    ...scoringOf(cluster, { tiers: cache.tiers, clock, projectRoot }),
  });
  const abandoned = abandonedOf(connection, parts, answers.runningAnswers);
  const background = createBackground({
    loops: [
      ...loopsOf([settings, cluster, cache, abandoned, indexesOf(connection, clock)]),
      ...snapshotLoops(connection, { ...parts, ...ownData(config, settings) }),
      ...workersOf(config, answers.prewarmer, [documents.workers, sources]),
    ],
    ...{ report, clock },
  });
  return {
    ...{ ...people, singleSignOn: people.singleSignOn(settings.current) },
    ...{ ...answers, collections, clock, config, settings },
    ...{ documents: documents.store, files: documents.files, jobs: documents.jobs },
    ...{ uploadDocument: documents.upload, replaceDocument: documents.replace },
    ...{ demoCorpus: documents.demoCorpus, quality: qualityOf(parts, documents, settings) },
    ...{ sources, flaggedPassages: createFlaggedPassages({ database: db }) },
    ...{ ...extras(cluster, documents), ...shownOf(cluster) },
    async readiness() {
      await connection.pool.query("SELECT 1");
      return cluster.status.ready();
    },
    async startBackground() {
      adviseOperator(config, writeLine);
      await abandoned.begin();
      background.start();
      await people.accounts.announce();
    },
    async dispose() {
      await answers.runningAnswers.drain();
      await background.stop();
      await Promise.all([cluster.dispose(), people.dispose(), cache.close()]);
      await connection.close();
    },
  };
}

/** The cache, with the names of how answers and searches are made now. */
async function openCache(deps: Parameters<typeof composeCache>[0], config: Config) {
  const { answers, searches } = await rehearse(answerQuestion, keyOf);
  const versions = {
    answerVersion: `${String(answerVersion)} ${answers}`,
    searchVersion: searches,
  };
  return { ...composeCache(deps, config), ...versions };
}

const loopsOf = (parts: readonly { run(signal: AbortSignal): Promise<void> }[]) =>
  parts.map((part) => (signal: AbortSignal) => part.run(signal));

const lookAtIndexesEveryMs = 600_000;

/** The embedded database runs one statement at a time: building an index would stop everyone for minutes. */
const indexesOf = ({ db, engine }: DatabaseConnection, clock: Clock) => ({
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (engine === "postgres") await keepVectorIndexes(db);
      await clock.sleep(lookAtIndexesEveryMs, signal).catch(() => undefined);
    }
  },
});

/** The embedded database has one app, which its supervisor starts. */
const abandonedOf = (
  { db, engine }: DatabaseConnection,
  { clock, owner }: { readonly clock: Clock; readonly owner: string },
  running: Pick<RunningAnswers, "recover">,
) =>
  createAbandonedAnswers({
    presence: engine === "postgres" ? createProcessPresence({ database: db, owner }) : null,
    ...{ clock, recover: () => running.recover() },
  });

const qualityOf = (
  { db, clock, models }: Pick<Parameters<typeof composeQuality>[0], "db" | "clock" | "models">,
  { retrieve, workers }: Documents,
  settings: { readonly current: () => Settings },
) =>
  composeQuality({
    ...{ db, clock, models, retrieve, settings: settings.current },
    onQueued: () => {
      workers.wake();
    },
  });
const ownData = ({ dataDir }: Config, settings: { readonly current: () => Settings }) => ({
  dataDir,
  settings: settings.current,
});

interface Loop {
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Processes that only answer requests leave the work to others. They write down what was asked all the same, and learn what others found
 * of the cache.
 */
const workersOf = ({ role }: Config, prewarmer: CachePrewarmer, loops: readonly Loop[]) =>
  role === "web"
    ? [(signal: AbortSignal) => prewarmer.follow(signal)]
    : loopsOf([prewarmer, ...loops]);

const prewarming = (cluster: Cluster, documents: Documents) => ({
  search: documents.search,
  quiet: cluster.quiet,
  keepResident: cluster.keepResident,
  suggest: documents.suggestedQuestions,
  mayPrewarm: () => cluster.allowsExtras() && cluster.status.ready(),
});

const scoringOf = (
  { models, pairScorer: scorer, quiet }: Cluster,
  own: Omit<Parameters<typeof composeSameQuestion>[0], "scorer" | "quiet" | "tiers"> & {
    readonly tiers: TieredCache;
  },
) => ({
  ...composeSameQuestion({ ...own, scorer, quiet }),
  sentenceModels: withCachedEmbeddings(models, own.tiers, "sentence"),
});

const shownOf = (cluster: Cluster): Pick<Container, "cluster" | "metrics" | "clusterStatus"> => ({
  cluster: { ...cluster.snapshots, ...cluster.admin },
  metrics: () => cluster.metrics(),
  clusterStatus: () => cluster.status.status(),
});

/** What is left out while the cluster cuts back. */
const extras = (
  cluster: Cluster,
  documents: Documents,
): Pick<Container, "suggestedQuestions" | "followUpQuestions"> => ({
  suggestedQuestions: async (...asked) =>
    cluster.allowsExtras() ? documents.suggestedQuestions(...asked) : [],
  followUpQuestions: async (...asked) =>
    cluster.allowsExtras() ? documents.followUpQuestions(...asked) : [],
});

const retiring = (db: Database, settings: { readonly current: () => Settings }) => ({
  settings: settings.current,
  retireChats: async () => {
    const { chat, quality } = settings.current();
    await retireConversations(db, chat.keepDays);
    await forgetExpiredAccess(db);
    await createAnswerTraces({ database: db }).retire(quality.traceDays, mostTraces);
  },
});

function adviseOperator(config: Config, writeLine: (line: string) => void): void {
  const advice = listeningAdvice(config.host, config.publicOrigin);
  if (advice !== null) writeLine(advice);
}

async function openMigrated(options: ContainerOptions): Promise<DatabaseConnection> {
  const { config, projectRoot, writeLine } = options;
  if (config.databaseUrl === undefined) {
    const fault = "DATABASE_URL: the app needs one. npm start sets it for the embedded database.";
    throw new AppError("config_invalid", { faults: [fault] });
  }
  const connection = await openDatabase({
    url: config.databaseUrl,
    maxConnections: databaseConnections,
  });
  await migrateDatabase(connection, {
    migrationsDir: join(projectRoot, "drizzle/migrations"),
    snapshotDir: join(config.dataDir, "snapshots"),
    report: writeLine,
  });
  return connection;
}
