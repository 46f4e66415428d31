import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createChunkSearch } from "#lib/adapters/database/chunk-search.ts";
import { createCollectionStore } from "#lib/adapters/database/collection-store.ts";
import { type DatabaseConnection, openDatabase } from "#lib/adapters/database/connection.ts";
import { createDocumentStore } from "#lib/adapters/database/document-store.ts";
import { createIngestStore } from "#lib/adapters/database/ingest-store.ts";
import { createPostgresJobQueue } from "#lib/adapters/database/postgres-job-queue.ts";
import { createLocalFileStore } from "#lib/adapters/files/local-file-store.ts";
import { createDocumentParser } from "#lib/adapters/parsers/document-parser.ts";
import { createSystemClock } from "#lib/adapters/system/clock.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import { AppError } from "#lib/core/errors/app-error.ts";
import { defaultSettings, type Settings } from "#lib/core/settings/settings.ts";
import { milliseconds } from "#lib/core/time/milliseconds.ts";
import type { ModelCall } from "#lib/local-models.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { DocumentSummary } from "#lib/ports/document-store.ts";
import type { IngestStore } from "#lib/ports/ingest-store.ts";
import { createIngestDocument } from "#lib/services/ingest-document.ts";
import { createJobWorkers } from "#lib/services/job-workers.ts";
import { createPurgeDocuments } from "#lib/services/purge-documents.ts";
import { createRetrieveChunks } from "#lib/services/retrieve-chunks.ts";
import { createReplaceDocument, createUploadDocument } from "#lib/services/upload-document.ts";
import { type Embedder, hashingEmbedder } from "#testing/services/hashing-embedder.ts";
import { startTestDatabase } from "#testing/services/test-database.ts";

export { type Embedder, hashingEmbedder };

/** As a cluster without nodes answers. */
export const noEmbedder: Embedder = {
  embed: () => Promise.reject(new AppError("no_node_available", {})),
};

export const projectRoot = fileURLToPath(new URL("../../../", import.meta.url));

async function addPerson(connection: DatabaseConnection, role: Actor["role"], workspaceId: string) {
  const userId = randomUUID();
  await connection.pool.query(
    `insert into users (id, name, email, role, workspace_id) values ($1, $1, $2, $3, $4)`,
    [userId, `${userId}@example.org`, role, workspaceId],
  );
  return { userId, workspaceId, role } satisfies Actor;
}

/** The line from an uploaded file to retrieved chunks over a database of its own; workers run only when asked. */
export async function startDocumentLine(embedder: Embedder = hashingEmbedder, maxConnections = 4) {
  const database = await startTestDatabase();
  const connection = await openDatabase({ url: database.url, maxConnections });
  const folder = await mkdtemp(join(tmpdir(), "drover-files-"));
  const clock = createSystemClock();
  const files = createLocalFileStore({ folder });
  const parser = createDocumentParser({ projectRoot });
  const queue = createPostgresJobQueue({ database: connection.db });
  const documents = createDocumentStore({ database: connection.db });
  const collections = createCollectionStore({ db: connection.db });
  const store = createIngestStore({ database: connection.db });
  const search = createChunkSearch({ database: connection.db });
  const { rows } = await connection.pool.query<{ id: string }>(
    "insert into workspaces (name) values ('Test') returning id",
  );
  const workspaceId = rows[0]?.id ?? "";
  const admin = await addPerson(connection, "admin", workspaceId);
  const limits: Partial<Settings["documents"]> = {};
  const uploading = {
    collections,
    documents,
    files,
    parser,
    limits: () => ({ ...defaultSettings.documents, ...limits }),
    onQueued: () => undefined,
  };
  const upload = createUploadDocument(uploading);
  const replace = createReplaceDocument(uploading);
  const never = new AbortController().signal;
  const call = (): ModelCall => ({
    class: "interactive",
    client: "test",
    deadline: milliseconds(clock.now() + 60_000),
    signal: never,
  });

  /** Works until the queue holds nothing that is due. */
  const workOff = async (
    change: {
      readonly store?: IngestStore;
      readonly embedder?: Embedder;
      readonly clock?: Clock;
    } = {},
  ) => {
    const stop = new AbortController();
    const faults: unknown[] = [];
    const handler = createIngestDocument({
      store: change.store ?? store,
      parser,
      files,
      models: change.embedder ?? embedder,
      clock,
    });
    const purge = createPurgeDocuments({ store, files, clock: change.clock ?? clock });
    const workers = createJobWorkers({
      queue,
      clock,
      handlers: { ingest: handler },
      owner: "test",
      // It sweeps when there is nothing left to do.
      sweep: async (signal) => {
        await purge(signal);
        stop.abort();
      },
      onFault: (error) => {
        faults.push(error);
        stop.abort();
      },
    });
    await workers.run(stop.signal);
    return faults;
  };

  return {
    connection,
    database,
    files,
    folder,
    queue,
    store,
    documents,
    collections,
    search,
    admin,
    call,
    clock,
    workOff,
    embedder,
    uploadDocument: upload,
    /** Change it to change what is allowed. */
    limits: limits as { -readonly [K in keyof Settings["documents"]]?: Settings["documents"][K] },
    replace: (documentId: string, fileName: string, content: string | Uint8Array, actor = admin) =>
      replace(actor, documentId, { fileName, content: once(Buffer.from(content)) }, never),
    addPerson: (role: Actor["role"]) => addPerson(connection, role, workspaceId),
    newCollection: async (actor: Actor = admin, visibility: "everyone" | "private" = "everyone") =>
      (await collections.create(actor, { name: randomUUID(), visibility })).id,
    upload: async (
      collectionId: string,
      fileName: string,
      content: string | Uint8Array,
      actor: Actor = admin,
    ): Promise<{ readonly document: DocumentSummary; readonly duplicate: boolean }> =>
      upload(actor, { collectionId, fileName, content: once(Buffer.from(content)) }, never),
    retrieve: (actor: Actor, text: string, collectionIds: readonly string[] = [], limit = 8) =>
      createRetrieveChunks({ search, models: embedder, clock })(
        actor,
        { text, collectionIds, limit },
        call(),
      ),
    close: async () => {
      await connection.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type DocumentLine = Awaited<ReturnType<typeof startDocumentLine>>;

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
