import type { NewJob } from "../../ports/job-queue.ts";

export const ingestKey = (documentId: string): string => `ingest:${documentId}`;

export const ingestJob = (documentId: string): NewJob => ({
  kind: "ingest",
  payload: { documentId },
  dedupeKey: ingestKey(documentId),
});
