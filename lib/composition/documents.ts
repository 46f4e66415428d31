import { join } from "node:path";
import { createChunkSearch } from "../adapters/database/chunk-search.ts";
import { createDocumentStore } from "../adapters/database/document-store.ts";
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
import type { Clock } from "../ports/clock.ts";
import type { CollectionStore } from "../ports/collection-store.ts";
import type { DocumentStore } from "../ports/document-store.ts";
import type { FileStore } from "../ports/file-store.ts";
import { createDemoCorpus, type DemoCorpus } from "../services/demo-corpus.ts";
import { createIngestDocument } from "../services/ingest-document.ts";
import { createJobWorkers, type JobWorkers } from "../services/job-workers.ts";
import { createPurgeDocuments } from "../services/purge-documents.ts";
import { createRetrieveChunks, type RetrieveChunks } from "../services/retrieve-chunks.ts";
import { createSteerJobs, type SteerJobs } from "../services/steer-jobs.ts";
import {
  createFollowUpQuestions,
  createSuggestedQuestions,
} from "../services/suggested-questions.ts";
import { createUploadDocument, type UploadDocument } from "../services/upload-document.ts";

export interface Documents {
  readonly store: DocumentStore;
  readonly files: FileStore;
  readonly upload: UploadDocument;
  readonly retrieve: RetrieveChunks;
  readonly workers: JobWorkers;
  readonly jobs: SteerJobs;
  readonly demoCorpus: DemoCorpus;
  readonly suggestedQuestions: ReturnType<typeof createSuggestedQuestions>;
  readonly followUpQuestions: ReturnType<typeof createFollowUpQuestions>;
}

/** Everything from a file's bytes to chunks that can be found. */
export function composeDocuments(
  deps: {
    readonly db: Database;
    readonly collections: CollectionStore;
    readonly models: LocalModels;
    readonly clock: Clock;
    /** Names this process, differently after every start. */
    readonly owner: string;
    readonly report: Report;
    readonly retireChats?: () => Promise<void>;
  },
  config: Config,
  projectRoot: string,
): Documents {
  const { db: database, collections, models, clock, owner, report } = deps;
  const store = createDocumentStore({ database });
  const ingestStore = createIngestStore({ database });
  const files = createLocalFileStore({ folder: join(config.dataDir, "files") });
  const parser = createDocumentParser({ projectRoot });
  const queue = createPostgresJobQueue({ database });
  const workers = createJobWorkers({
    queue,
    clock,
    owner,
    handlers: {
      ingest: createIngestDocument({ store: ingestStore, parser, files, models, clock }),
    },
    sweep: createPurgeDocuments({ store: ingestStore, files, clock, retire: deps.retireChats }),
    onFault: (error) => {
      report(error, "job workers");
    },
  });
  const onQueued = (): void => {
    workers.wake();
  };
  const upload = createUploadDocument({ collections, documents: store, files, parser, onQueued });
  const search = createChunkSearch({ database });
  const retrieve = createRetrieveChunks({ search, models, clock });
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
    retrieve,
    demoCorpus: createDemoCorpus({ collections, assets, upload }),
    suggestedQuestions: createSuggestedQuestions(suggestions),
    followUpQuestions: createFollowUpQuestions(suggestions),
  };
}
