import type {
  CacheEntry,
  CacheEntryDetail,
  CacheReport,
  PairReport,
  Passage,
} from "./cache-shapes.ts";
import { request } from "./request.ts";

const at = (id: string): string => encodeURIComponent(id);

/** What an admin sees of the answer cache and does to it. Each throws ApiFailure. */
export const cacheApi = {
  cacheReport: (days: number) => request<CacheReport>(`/api/cache?days=${String(days)}`),
  cacheEntries: (text: string, offset: number) =>
    request<{ readonly entries: readonly CacheEntry[]; readonly next: number | null }>(
      `/api/cache/entries?text=${at(text)}&offset=${String(offset)}`,
    ),
  cacheEntry: (id: string) =>
    request<{ readonly entry: CacheEntryDetail }>(`/api/cache/entries/${at(id)}`),
  removeCacheEntry: (id: string, keepalive: boolean) =>
    request<null>(`/api/cache/entries/${at(id)}`, { method: "DELETE", keepalive }),
  clearCache: (collectionId: string) =>
    request<{ readonly removed: number }>(`/api/cache/collections/${at(collectionId)}`, {
      method: "DELETE",
    }),
  comparePair: (one: string, other: string) =>
    request<PairReport>("/api/cache/pair", { method: "POST", body: { one, other } }),
  startPrewarming: () => request<null>("/api/cache/prewarm", { method: "POST", body: {} }),
  passagesFor: (question: string) =>
    request<{ readonly passages: readonly Passage[] }>(
      `/api/cache/passages?question=${at(question)}`,
    ),
  listQuestion: (
    question: string,
    curated: { readonly answer: string; readonly chunkIds: readonly string[] } | null,
  ) =>
    request<{ readonly id: string }>("/api/cache/questions", {
      method: "POST",
      body: { question, curated },
    }),
  unlistQuestion: (id: string, keepalive: boolean) =>
    request<null>(`/api/cache/questions/${at(id)}`, { method: "DELETE", keepalive }),
};
