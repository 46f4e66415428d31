import { AppError, isAppError } from "../core/errors/app-error.ts";
import { plainReason } from "../core/errors/plain-reason.ts";
import { type Chunk, chunkContext, chunkDocument } from "../core/rag/chunking.ts";
import { injectionSigns } from "../core/rag/injection-signs.ts";
import { searchLanguageOf } from "../core/rag/language.ts";
import { searchText } from "../core/rag/search-terms.ts";
import { milliseconds } from "../core/time/milliseconds.ts";
import type { LocalModels } from "../local-models.ts";
import type { Clock } from "../ports/clock.ts";
import type { DocumentParser, ParsedDocument } from "../ports/document-parser.ts";
import type { FileStore } from "../ports/file-store.ts";
import type {
  IngestFence,
  IngestProgress,
  IngestSource,
  IngestStore,
  NewChunk,
} from "../ports/ingest-store.ts";
import type { LeasedJob } from "../ports/job-queue.ts";
import type { JobHandler, JobOutcome } from "./job-workers.ts";

export interface IngestDeps {
  readonly store: IngestStore;
  readonly parser: DocumentParser;
  readonly files: Pick<FileStore, "path">;
  readonly models: Pick<LocalModels, "embed">;
  readonly clock: Clock;
}

/** Four batches of five: enough for the nodes to work side by side, little to repeat after a crash. */
const chunksPerStep = 20;
const reportEveryMs = 500;
const embedDeadlineMs = 120_000;
const waitMs = 10_000;

/** One document's way through; every method does nothing but stop once the lease is lost. */
interface Ingest {
  readonly deps: IngestDeps;
  readonly source: IngestSource;
  readonly fence: IngestFence;
  readonly signal: AbortSignal;
  readonly report: (progress: IngestProgress) => Promise<void>;
}

const lostLease = () => new AppError("conflict", { reason: "the lease was lost" });

function createReport(deps: IngestDeps, source: IngestSource, fence: IngestFence) {
  let reported: { readonly at: number; readonly stage: string } | null = null;
  return async (progress: IngestProgress): Promise<void> => {
    const now = deps.clock.now();
    const isNews = reported?.stage !== progress.stage || progress.done === progress.total;
    if (!isNews && reported !== null && now - reported.at < reportEveryMs) return;
    reported = { at: now, stage: progress.stage };
    if (!(await deps.store.report(source.documentId, progress, fence))) throw lostLease();
  };
}

async function read(ingest: Ingest): Promise<ParsedDocument> {
  const { deps, source } = ingest;
  const file = { path: deps.files.path(source.fileKey), fileName: source.fileName };
  // Progress comes from a child that does not wait for it; a lost lease shows at the next step.
  const reports: Promise<void>[] = [];
  const document = await deps.parser.parse(
    file,
    (progress) => {
      reports.push(ingest.report({ stage: "reading", ...progress }).catch(() => undefined));
    },
    ingest.signal,
  );
  await Promise.all(reports);
  return document;
}

function toRows(
  title: string,
  chunks: readonly Chunk[],
  vectors: readonly (readonly number[])[],
): NewChunk[] {
  return chunks.map((chunk, index) => ({
    ...chunk,
    searchText: searchText(chunkContext(title, chunk)),
    flags: injectionSigns(chunk.text),
    vector: vectors[index] ?? [],
  }));
}

/** A sentence for the admin when passages speak to a model. */
function flagWarnings(chunks: readonly Chunk[]): readonly string[] {
  const flagged = chunks.filter((chunk) => injectionSigns(chunk.text).length > 0).length;
  if (flagged === 0) return [];
  return flagged === 1
    ? ["One of its passages speaks to a language model: no model gets to see it."]
    : [`${String(flagged)} of its passages speak to a language model: no model gets to see them.`];
}

type Embedded = Awaited<ReturnType<LocalModels["embed"]>>;

interface StepOfChunks {
  readonly from: number;
  readonly chunks: readonly Chunk[];
}

/** What is still to be stored, cut into steps. */
function stepsOf(chunks: readonly Chunk[], storedChunks: number): StepOfChunks[] {
  const steps: StepOfChunks[] = [];
  for (let from = storedChunks; from < chunks.length; from += chunksPerStep)
    steps.push({ from, chunks: chunks.slice(from, from + chunksPerStep) });
  return steps;
}

async function embedStep(
  { deps }: Ingest,
  title: string,
  step: StepOfChunks,
  signal: AbortSignal,
): Promise<Embedded> {
  const contexts = step.chunks.map((chunk) => chunkContext(title, chunk));
  return await deps.models.embed(contexts, {
    class: "ingest",
    client: "ingest",
    deadline: milliseconds(deps.clock.now() + embedDeadlineMs),
    signal,
  });
}

/** Steps that are embedded at the same time: at the end of one no node waits for another that still has some of it. */
const stepsAhead = 2;

/** Stores step after step. The next ones are being embedded meanwhile, so that no node waits for the database. */
async function embedChunks(
  ingest: Ingest,
  versionId: string,
  { title, chunks }: { readonly title: string; readonly chunks: readonly Chunk[] },
  storedChunks: number,
): Promise<void> {
  const { deps, fence, signal } = ingest;
  const ending = new AbortController();
  const embed = (step: StepOfChunks) => {
    const embedded = embedStep(ingest, title, step, AbortSignal.any([signal, ending.signal]));
    embedded.catch(() => undefined); // it is thrown where it is awaited, if it still is
    return { step, embedded };
  };
  const steps = stepsOf(chunks, storedChunks);
  const underWay = steps.splice(0, stepsAhead).map(embed);
  try {
    for (let current = underWay.shift(); current !== undefined; current = underWay.shift()) {
      const { step, embedded } = current;
      await ingest.report({ stage: "embedding", done: step.from, total: chunks.length });
      const { vectors, space } = await embedded;
      signal.throwIfAborted();
      underWay.push(...steps.splice(0, 1).map(embed));
      const rows = toRows(title, step.chunks, vectors);
      if (!(await deps.store.addChunks(versionId, rows, space, fence))) throw lostLease();
    }
  } finally {
    ending.abort();
  }
}

async function publish(ingest: Ingest, document: ParsedDocument): Promise<JobOutcome> {
  const { deps, source, fence } = ingest;
  const chunks = chunkDocument(document);
  if (chunks.length === 0) throw new AppError("document_empty", {});
  await ingest.report({ stage: "chunking", done: chunks.length, total: chunks.length });
  const { text, pages, blocks } = document;
  const version = await deps.store.openVersion(
    {
      documentId: source.documentId,
      text,
      pages,
      headings: blocks
        .filter((block) => block.kind === "heading")
        .map(({ level, start, end }) => ({ level, start, end })),
      language: source.language === "auto" ? searchLanguageOf(text) : source.language,
      ranges: chunks.map((chunk) => [chunk.charStart, chunk.charEnd] as const),
    },
    fence,
  );
  if (version === null) throw lostLease();
  const title = document.title ?? source.title;
  await embedChunks(ingest, version.versionId, { title, chunks }, version.storedChunks);
  await ingest.report({ stage: "publishing", done: chunks.length, total: chunks.length });
  const published = await deps.store.publish(
    {
      documentId: source.documentId,
      versionId: version.versionId,
      title: document.title,
      pageCount: pages.length === 0 ? null : pages.length,
      chunkCount: chunks.length,
      warnings: [...document.warnings, ...flagWarnings(chunks)],
    },
    fence,
  );
  switch (published) {
    case "published":
      return { kind: "complete" };
    case "incomplete":
      return { kind: "retry", reason: "The embedding model changed on the way." };
    case "lost":
      throw lostLease();
    default:
      return published satisfies never;
  }
}

/** Faults of the file itself: the same file fails the same way again. */
const isPermanent = (error: unknown): error is AppError =>
  isAppError(error, "document_unreadable") ||
  isAppError(error, "document_encrypted") ||
  isAppError(error, "document_empty") ||
  isAppError(error, "document_too_complex") ||
  isAppError(error, "unsupported_type");

/** Faults of the cluster: the document waits until it is well again. */
const isWaiting = (error: unknown): error is AppError =>
  isAppError(error, "no_node_available") ||
  isAppError(error, "cluster_saturated") ||
  isAppError(error, "deadline_exceeded") ||
  isAppError(error, "node_failed") ||
  isAppError(error, "model_not_found");

async function settleFault(ingest: Ingest, error: unknown): Promise<JobOutcome> {
  const { deps, source, fence } = ingest;
  if (isPermanent(error)) {
    const reason = plainReason(error);
    await deps.store.fail(source.documentId, { code: error.code, reason }, fence);
    return { kind: "dead", reason };
  }
  if (!isWaiting(error)) throw error;
  const reason = isAppError(error, "model_not_found")
    ? `It waits for a node that has the model ${error.details.model}.`
    : "It waits for a node: none is free to read it at the moment.";
  await ingest.report({ stage: "waiting", done: 0, total: 0, note: reason });
  return { kind: "wait", reason, delayMs: waitMs };
}

async function run(deps: IngestDeps, job: LeasedJob, signal: AbortSignal): Promise<JobOutcome> {
  const documentId = String(job.payload["documentId"]);
  const fence = { jobId: job.id, attempt: job.attempt };
  const source = await deps.store.begin(documentId, fence);
  // Deleted, cancelled or published already by an attempt that died before it could say so.
  if (source === null) return { kind: "complete" };
  const report = createReport(deps, source, fence);
  const ingest: Ingest = { deps, source, fence, signal, report };
  try {
    return await publish(ingest, await read(ingest));
  } catch (error) {
    signal.throwIfAborted();
    return await settleFault(ingest, error);
  }
}

/** Job `ingest {documentId}`: from the stored file to a published version, in steps that any later attempt can go on from. */
export const createIngestDocument = (deps: IngestDeps): JobHandler => ({
  run: (job, signal) => run(deps, job, signal),
  giveUp: async (job, reason) => {
    const fence = { jobId: job.id, attempt: job.attempt };
    await deps.store.fail(
      String(job.payload["documentId"]),
      { code: "internal", reason: `Reading it failed several times: ${reason}` },
      fence,
    );
  },
});
