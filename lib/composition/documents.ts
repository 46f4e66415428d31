import { join } from "node:path";
import { createChunkSearch } from "../adapters/database/chunk-search.ts";
import { createDocumentStore } from "../adapters/database/document-store.ts";
import { createGoldenRuns } from "../adapters/database/golden-runs.ts";
import { createJobOverview } from "../adapters/database/job-overview.ts";
import { createIngestStore } from "../adapters/database/ingest-store.ts";
import { createPostgresJobQueue } from "../adapters/database/postgres-job-queue.ts";
import type { Database } from "../adapters/database/typed-database.ts";
import { createBundledDemoAssets } from "../adapters/files/bundled-demo-assets.ts";
import { createLocalFileStore } from "../adapters/files/local-file-store.ts";
import { createDocumentParser } from "../adapters/parsers/document-parser.ts";
import type { Report } from "../adapters/system/log.ts";
import type { Config } from "../config.ts";
import type { LocalModels } from "../local-models.ts";
import type { Settings } from "../core/settings/settings.ts";
import type { ChunkSearch } from "../ports/chunk-search.ts";
import type { Clock } from "../ports/clock.ts";
import type { CollectionStore } from "../ports/collection-store.ts";
import type { DocumentStore } from "../ports/document-store.ts";
import type { DocumentParser } from "../ports/document-parser.ts";
import type { FileStore } from "../ports/file-store.ts";
import type { JobQueue } from "../ports/job-queue.ts";
import { createRunGoldenQuestions } from "../services/run-golden-questions.ts";
import { createDemoCorpus, type DemoCorpus } from "../services/demo-corpus.ts";
import { createEmbeddingScorer } from "../services/embedding-scorer.ts";
import { createIngestDocument } from "../services/ingest-document.ts";
import { createJobWorkers, type JobWorkers } from "../services/job-workers.ts";
import { createPurgeDocuments } from "../services/purge-documents.ts";
import { withKeptRetrievals } from "../services/kept-retrievals.ts";
import { createReindexStale } from "../services/reindex-stale.ts";
import { createRetrieveChunks, type RetrieveChunks } from "../services/retrieve-chunks.ts";
import { createSteerJobs, type SteerJobs } from "../services/steer-jobs.ts";
import {
  createFollowUpQuestions,
  createSuggestedQuestions,
} from "../services/suggested-questions.ts";
import {
  createReplaceDocument,
  createUploadDocument,
  type ReplaceDocument,
  type UploadDocument,
} from "../services/upload-document.ts";
import type { Cache } from "./cache.ts";

export interface Documents {
  readonly store: DocumentStore;
  readonly files: FileStore;
  readonly upload: UploadDocument;
  readonly replace: ReplaceDocument;
  readonly retrieve: RetrieveChunks;
  readonly search: ChunkSearch;
  readonly workers: JobWorkers;
  readonly jobs: SteerJobs;
  readonly demoCorpus: DemoCorpus;
  readonly suggestedQuestions: ReturnType<typeof createSuggestedQuestions>;
  readonly followUpQuestions: ReturnType<typeof createFollowUpQuestions>;
}

export interface DocumentsDeps {
  readonly db: Database;
  readonly collections: CollectionStore;
  readonly models: LocalModels;
  readonly clock: Clock;
  readonly settings: () => Settings;
  /** Names this process, differently after every start. */
  readonly owner: string;
  readonly report: Report;
  /** Without one every search is made anew. */
  readonly cache?: Pick<Cache, "tiers" | "answers"> & { readonly searchVersion: string };
  readonly retireChats?: () => Promise<void>;
}

function composeWorkers(
  { db: database, clock, owner, models, report, retireChats: retire }: DocumentsDeps,
  parts: {
    readonly queue: JobQueue;
    readonly files: FileStore;
    readonly parser: DocumentParser;
    readonly retrieve: RetrieveChunks;
  },
): JobWorkers {
  const store = createIngestStore({ database });
  const { queue, files, parser, retrieve } = parts;
  const purge = createPurgeDocuments({ store, files, clock, retire });
  const reindex = createReindexStale({ store, models, clock });
  return createJobWorkers({
    queue,
    clock,
    owner,
    handlers: {
      ingest: createIngestDocument({ store, parser, files, models, clock }),
      golden: createRunGoldenQuestions({
        ...{ clock, retrieve, runs: createGoldenRuns({ database }) },
        scorer: createEmbeddingScorer({ models, clock }),
      }),
    },
    sweep: async (signal) => {
      await purge(signal);
      await reindex(signal);
    },
    onFault: (error) => {
      report(error, "job workers");
    },
  });
}

/** Everything from a file's bytes to chunks that can be found. */
export function composeDocuments(
  deps: DocumentsDeps,
  config: Config,
  projectRoot: string,
): Documents {
  const { db: database, collections, models, clock } = deps;
  const store = createDocumentStore({ database });
  const files = createLocalFileStore({ folder: join(config.dataDir, "files") });
  const parser = createDocumentParser({ projectRoot });
  const queue = createPostgresJobQueue({ database });
  const search = createChunkSearch({ database });
  const searching = createRetrieveChunks({ search, models, clock });
  const retrieve =
    deps.cache === undefined
      ? searching
      : withKeptRetrievals({
          ...{ search, cache: deps.cache.tiers, answers: deps.cache.answers },
          retrieve: searching,
          searchVersion: deps.cache.searchVersion,
          embedder: () => models.fingerprint().embedder,
        });
  const workers = composeWorkers(deps, { queue, files, parser, retrieve });
  const onQueued = (): void => {
    workers.wake();
  };
  const limits = () => deps.settings().documents;
  const uploading = { collections, documents: store, files, parser, limits, onQueued };
  const upload = createUploadDocument(uploading);
  const assets = createBundledDemoAssets({ folder: join(projectRoot, "assets/demo") });
  const suggestions = { collections, search, retrieve, assets, clock };
  return {
    // What is removed leaves the disk, and what is queued again is read, without waiting for the next round.
    store: {
      ...store,
      remove: (actor, documentId) => store.remove(actor, documentId).then(onQueued),
      requeue: (actor, documentId) => store.requeue(actor, documentId).finally(onQueued),
    },
    files,
    workers,
    jobs: createSteerJobs({
      queue,
      overview: createJobOverview({ database }),
      documents: store,
      onQueued,
    }),
    upload,
    replace: createReplaceDocument(uploading),
    retrieve,
    search,
    demoCorpus: createDemoCorpus({ collections, assets, upload }),
    suggestedQuestions: createSuggestedQuestions(suggestions),
    followUpQuestions: createFollowUpQuestions(suggestions),
  };
}
