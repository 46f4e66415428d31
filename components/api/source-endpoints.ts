import { request } from "./request.ts";

export interface Source {
  readonly id: string;
  readonly kind: "folder" | "web";
  readonly location: string;
  readonly everyHours: number;
  readonly onVanished: "keep" | "remove";
  readonly documentCount: number;
  readonly lastRunAt: string | null;
  readonly lastResult: string | null;
  readonly lastFailed: boolean;
  readonly isWaiting: boolean;
}

const at = encodeURIComponent;

export const sourceApi = {
  list: (collectionId: string) =>
    request<{ readonly sources: readonly Source[] }>(
      `/api/collections/${at(collectionId)}/sources`,
    ),
  add: (
    collectionId: string,
    body: Pick<Source, "kind" | "location" | "everyHours" | "onVanished">,
  ) =>
    request<{ readonly source: Source }>(`/api/collections/${at(collectionId)}/sources`, {
      method: "POST",
      body,
    }),
  remove: (id: string) => request<null>(`/api/sources/${at(id)}`, { method: "DELETE" }),
  syncNow: (id: string) =>
    request<unknown>(`/api/sources/${at(id)}/sync`, { method: "POST", body: {} }),
};
