import { request } from "./request.ts";

export interface NewNode {
  readonly id: string;
  readonly baseUrl: string;
  readonly slots: number;
  readonly weight: number;
}

export type ModelAction = "load" | "unload" | "install" | "remove";

const node = (id: string): string => `/api/cluster/nodes/${encodeURIComponent(id)}`;

/** What an admin does with the nodes. Each throws ApiFailure. */
export const clusterApi = {
  addNode: (body: NewNode) => request<null>("/api/cluster/nodes", { method: "POST", body }),
  editNode: (id: string, body: Omit<NewNode, "id">) =>
    request<null>(node(id), { method: "PATCH", body }),
  removeNode: (id: string) => request<null>(node(id), { method: "DELETE" }),
  drainNode: (id: string) => request<null>(`${node(id)}/drain`, { method: "POST", body: {} }),
  resumeNode: (id: string) => request<null>(`${node(id)}/drain`, { method: "DELETE" }),
  resetBreaker: (id: string) => request<null>(`${node(id)}/breaker`, { method: "DELETE" }),
  changeModel: (id: string, model: string, action: ModelAction) =>
    request<null>(`${node(id)}/models`, { method: "POST", body: { model, action } }),
};
