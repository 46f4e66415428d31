import type { DocumentSummary, IngestStage } from "#components/api/shapes.ts";
import { sayWait } from "#components/ui/time-words.ts";

export const isBeingRead = ({ status }: Pick<DocumentSummary, "status">): boolean =>
  status === "queued" || status === "processing";

/** Part of a document that has been read: 0 to 1; over counts as read, however it ended. */
export const shareRead = (
  document: Pick<DocumentSummary, "status" | "progressDone" | "progressTotal">,
): number => {
  if (!isBeingRead(document)) return 1;
  if (document.status === "queued" || document.progressTotal <= 0) return 0;
  return Math.min(1, document.progressDone / document.progressTotal);
};

const stageWords: Readonly<Record<IngestStage, string>> = {
  waiting: "Waiting",
  reading: "Reading",
  chunking: "Splitting",
  embedding: "Indexing",
  publishing: "Finishing",
};

/** The status in one word. */
export const sayStatus = ({ status, stage }: Pick<DocumentSummary, "status" | "stage">): string => {
  switch (status) {
    case "queued":
      return "Waiting";
    case "processing":
      return stageWords[stage];
    case "ready":
      return "Ready";
    case "failed":
      return "Failed";
    case "cancelled":
      return "Cancelled";
    default:
      return status satisfies never;
  }
};

type Progress = Pick<DocumentSummary, "stage" | "progressDone" | "progressTotal" | "mediaType">;

/** How far it is, in what its stage counts: pages while a PDF is read, passages after it. */
export const sayProgress = ({
  stage,
  mediaType,
  progressDone: done,
  progressTotal: total,
}: Progress): string => {
  const counted = `${String(done)} of ${String(total)}`;
  if (stage === "reading") return mediaType === "application/pdf" ? `${counted} pages` : counted;
  return stage === "embedding" ? `${counted} passages` : counted;
};

/** How far a document was at a moment; the first and the last of its stage give the speed. */
export interface ProgressSample {
  readonly stage: IngestStage;
  readonly done: number;
  readonly atMs: number;
}

/** The first sample of the stage the document is in: kept while the stage lasts. */
export const keepFirst = (first: ProgressSample | null, now: ProgressSample): ProgressSample =>
  first?.stage !== now.stage || now.done < first.done ? now : first;

const trustAfterMs = 2_000;

/** Time left in the stage by its speed so far, in ms; `null` while it cannot be told. */
export const timeLeftMs = (
  first: ProgressSample | null,
  now: ProgressSample,
  total: number,
): number | null => {
  if (first?.stage !== now.stage) return null;
  const tookMs = now.atMs - first.atMs;
  const did = now.done - first.done;
  if (tookMs < trustAfterMs || did <= 0 || total <= now.done) return null;
  return (tookMs / did) * (total - now.done);
};

export const sayTimeLeft = (leftMs: number | null): string | null =>
  leftMs === null ? null : `${sayWait(leftMs)} left`;
