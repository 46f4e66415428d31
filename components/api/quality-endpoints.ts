import type {
  GoldenQuestion,
  GoldenRun,
  GoldenRunSummary,
  GoldenText,
  ImportedGolden,
  QualityWork,
  SearchSettings,
  SearchTrial,
  TracedAnswer,
  TriedSearch,
  WorkState,
} from "./quality-shapes.ts";
import { request } from "./request.ts";

const at = (id: string): string => encodeURIComponent(id);
const goldenOf = (collectionId: string): string =>
  `/api/collections/${at(collectionId)}/golden-questions`;
const runsOf = (collectionId: string): string => `/api/collections/${at(collectionId)}/golden-runs`;

export type GoldenFormat = "jsonl" | "csv" | "qrels" | "corpus";

export const goldenExportPath = (collectionId: string, format: GoldenFormat): string =>
  `${goldenOf(collectionId)}/export?format=${format}`;

/** Calls about the quality of answers, one function a route. */
export const qualityApi = {
  trace: (answerId: string) => request<TracedAnswer>(`/api/answers/${at(answerId)}/trace`),
  work: (state: WorkState) => request<QualityWork>(`/api/quality/work?state=${state}`),
  settle: (kind: "questions" | "documents", id: string, settled: boolean) =>
    request<null>(`/api/quality/work/${kind}/${at(id)}`, { method: "PUT", body: { settled } }),
  trySearch: (body: SearchTrial, signal: AbortSignal) =>
    request<{ readonly searches: readonly TriedSearch[] }>("/api/quality/search", {
      ...{ method: "POST", body, signal },
    }),
  golden: (collectionId: string) =>
    request<{ readonly questions: readonly GoldenQuestion[] }>(goldenOf(collectionId)),
  addGolden: (collectionId: string, body: GoldenText & { readonly answerId?: string }) =>
    request<{ readonly added: number; readonly known: number }>(goldenOf(collectionId), {
      ...{ method: "POST", body },
    }),
  importGolden: (collectionId: string, format: "jsonl" | "csv", content: string) =>
    request<ImportedGolden>(`${goldenOf(collectionId)}/import`, {
      ...{ method: "POST", body: { format, content } },
    }),
  changeGolden: (id: string, body: GoldenText) =>
    request<{ readonly question: GoldenQuestion }>(`/api/golden-questions/${at(id)}`, {
      ...{ method: "PATCH", body },
    }),
  removeGolden: (id: string) =>
    request<null>(`/api/golden-questions/${at(id)}`, { method: "DELETE" }),
  runs: (collectionId: string) =>
    request<{ readonly runs: readonly GoldenRunSummary[] }>(runsOf(collectionId)),
  startRun: (collectionId: string, settings?: SearchSettings) =>
    request<{ readonly run: GoldenRunSummary }>(runsOf(collectionId), {
      ...{ method: "POST", body: settings === undefined ? {} : { settings } },
    }),
  run: (id: string) => request<{ readonly run: GoldenRun }>(`/api/golden-runs/${at(id)}`),
};
