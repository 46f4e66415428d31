import { request } from "./request.ts";
import type {
  Conversation,
  ConversationMatch,
  ConversationShare,
  DocumentSummary,
  SharedConversation,
} from "./shapes.ts";

const at = (id: string): string => encodeURIComponent(id);
const path = (id: string): string => `/api/conversations/${at(id)}`;

export interface ConversationChange {
  readonly title?: string;
  readonly pinned?: boolean;
  readonly archived?: boolean;
}

/** Calls about chats, beside asking and following answers. */
export const chatApi = {
  change: (id: string, body: ConversationChange) =>
    request<null>(path(id), { method: "PATCH", body }),
  showBranch: (id: string, answerId: string) =>
    request<null>(`${path(id)}/branch`, { method: "PUT", body: { answerId } }),
  search: (query: string, signal: AbortSignal) =>
    request<{ readonly words: readonly string[]; readonly matches: readonly ConversationMatch[] }>(
      `/api/conversations/search?query=${at(query)}`,
      { signal },
    ),
  followUps: (answerId: string) =>
    request<{ readonly questions: readonly string[] }>(`/api/answers/${at(answerId)}/follow-ups`),
  shares: (id: string) =>
    request<{ readonly shares: readonly ConversationShare[] }>(`${path(id)}/shares`),
  share: (id: string) =>
    request<{ readonly share: ConversationShare }>(`${path(id)}/shares`, {
      method: "POST",
      body: {},
    }),
  revokeShare: (shareId: string) =>
    request<null>(`/api/shares/${at(shareId)}`, { method: "DELETE" }),
  shared: (shareId: string) =>
    request<{ readonly shared: SharedConversation }>(`/api/shares/${at(shareId)}`),
  /** A conversation before its first question, for files. */
  prepare: (collectionIds: readonly string[]) =>
    request<{ readonly conversation: Conversation }>("/api/conversations/new", {
      method: "POST",
      body: { collectionIds },
    }),
  attachments: (id: string) =>
    request<{ readonly documents: readonly DocumentSummary[] }>(`${path(id)}/attachments`),
} as const;

export const attachPath = (id: string, fileName: string): string =>
  `${path(id)}/attachments?fileName=${at(fileName)}`;

export const exportPath = (id: string, format: "markdown" | "json"): string =>
  `${path(id)}/export?format=${format}`;

export const sharePath = (shareId: string): string => `/s/${at(shareId)}`;
