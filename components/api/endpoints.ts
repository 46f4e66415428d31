import { peopleApi } from "./people-endpoints.ts";
import { request, requestStarted } from "./request.ts";
import type {
  Collection,
  Conversation,
  Demo,
  DocumentSummary,
  DocumentText,
  JobAction,
  QueueOverview,
  ServerStatus,
  Session,
  ShownSetting,
  SignedInDevice,
  StoredTurn,
} from "./shapes.ts";

const at = (id: string): string => encodeURIComponent(id);

export interface StartedAnswer {
  readonly answerId: string;
  readonly turn: number;
}

/** Every call of the interface to the server, one function a route. */
export const api = {
  ...peopleApi,

  session: () => request<Session>("/api/session"),
  signIn: (body: { readonly email: string; readonly password: string }) =>
    request<Session>("/api/session", { method: "POST", body, expectSignedOut: true }),
  signOut: () => request<null>("/api/session", { method: "DELETE", expectSignedOut: true }),
  devices: () => request<{ readonly sessions: readonly SignedInDevice[] }>("/api/sessions"),
  endDevice: (id: string) => request<null>(`/api/sessions/${at(id)}`, { method: "DELETE" }),
  setup: (body: {
    readonly token: string;
    readonly workspaceName: string;
    readonly name: string;
    readonly email: string;
    readonly password: string;
  }) => request<Session>("/api/setup", { method: "POST", body, expectSignedOut: true }),
  resetPassword: (body: { readonly token: string; readonly password: string }) =>
    request<null>("/api/password-reset", { method: "POST", body, expectSignedOut: true }),
  status: () => request<ServerStatus>("/api/status"),

  collections: () => request<{ readonly collections: readonly Collection[] }>("/api/collections"),
  createCollection: (body: {
    readonly name: string;
    readonly description: string;
    readonly visibility: "everyone" | "private";
  }) => request<{ readonly collection: Collection }>("/api/collections", { method: "POST", body }),
  changeCollection: (
    id: string,
    body: Partial<
      Pick<
        Collection,
        | "answerMode"
        | "refusalText"
        | "systemPrompt"
        | "answerStyle"
        | "answerLanguage"
        | "language"
        | "retentionDays"
      >
    >,
  ) =>
    request<{ readonly collection: Collection }>(`/api/collections/${at(id)}`, {
      method: "PATCH",
      body,
    }),
  removeCollection: (id: string, keepalive: boolean) =>
    request<null>(`/api/collections/${at(id)}`, { method: "DELETE", keepalive }),

  documents: () => request<{ readonly documents: readonly DocumentSummary[] }>("/api/documents"),
  retryDocument: (id: string) =>
    request<{ readonly document: DocumentSummary }>(`/api/documents/${at(id)}/retry`, {
      method: "POST",
      body: {},
    }),
  cancelDocument: (id: string) =>
    request<null>(`/api/documents/${at(id)}/cancel`, { method: "POST", body: {} }),
  removeDocument: (id: string, keepalive: boolean) =>
    request<null>(`/api/documents/${at(id)}`, { method: "DELETE", keepalive }),
  documentText: (id: string, versionId: string | null, signal: AbortSignal) =>
    request<DocumentText>(
      `/api/documents/${at(id)}/text${versionId === null ? "" : `?versionId=${at(versionId)}`}`,
      { signal },
    ),

  settings: () => request<{ readonly settings: readonly ShownSetting[] }>("/api/settings"),
  changeSettings: (changes: Readonly<Record<string, ShownSetting["value"] | null>>) =>
    request<{ readonly settings: readonly ShownSetting[] }>("/api/settings", {
      method: "PATCH",
      body: { changes },
    }),

  queue: () => request<QueueOverview>("/api/queue"),
  steerQueue: (action: JobAction, jobIds: readonly string[]) =>
    request<QueueOverview & { readonly changed: number }>("/api/queue", {
      method: "POST",
      body: { action, jobIds },
    }),

  demo: () => request<Demo>("/api/demo"),
  addDemo: () =>
    request<{ readonly collectionId: string }>("/api/demo", { method: "POST", body: {} }),
  removeDemo: () => request<null>("/api/demo", { method: "DELETE" }),
  suggestions: (collectionIds: readonly string[]) =>
    request<{ readonly questions: readonly string[] }>(
      `/api/suggestions?${collectionIds.map((id) => `collectionId=${at(id)}`).join("&")}`,
    ),

  conversations: () =>
    request<{
      readonly conversations: readonly Conversation[];
      /** Chats without a new question for so long are deleted; 0 = none. */
      readonly keptDays: number;
    }>("/api/conversations"),
  conversation: (id: string) =>
    request<{ readonly conversation: Conversation; readonly turns: readonly StoredTurn[] }>(
      `/api/conversations/${at(id)}`,
    ),
  startConversation: (body: {
    readonly question: string;
    readonly collectionIds: readonly string[];
  }) =>
    requestStarted<StartedAnswer & { readonly conversation: Conversation }>(
      "/api/conversations",
      body,
    ),
  ask: (conversationId: string, question: string) =>
    requestStarted<StartedAnswer>(`/api/conversations/${at(conversationId)}/turns`, { question }),
  askAgain: (
    conversationId: string,
    again: {
      readonly question: string;
      readonly replaces: string;
      readonly asksAgain: boolean;
    },
  ) => requestStarted<StartedAnswer>(`/api/conversations/${at(conversationId)}/turns`, again),
  removeConversation: (id: string, keepalive: boolean) =>
    request<null>(`/api/conversations/${at(id)}`, { method: "DELETE", keepalive }),

  stopAnswer: (answerId: string) =>
    request<null>(`/api/answers/${at(answerId)}/stop`, { method: "POST", body: {} }),
  rateAnswer: (
    answerId: string,
    body: { readonly rating: "up" | "down"; readonly reason?: string },
  ) => request<null>(`/api/answers/${at(answerId)}/feedback`, { method: "PUT", body }),
  unrateAnswer: (answerId: string) =>
    request<null>(`/api/answers/${at(answerId)}/feedback`, { method: "DELETE" }),
} as const;

export const uploadPath = (collectionId: string, fileName: string): string =>
  `/api/documents?collectionId=${at(collectionId)}&fileName=${at(fileName)}`;

export const replacementPath = (documentId: string, fileName: string): string =>
  `/api/documents/${at(documentId)}/file?fileName=${at(fileName)}`;

export const originalPath = (documentId: string): string =>
  `/api/documents/${at(documentId)}/original`;
