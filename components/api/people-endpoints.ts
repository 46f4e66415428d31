import type {
  AuditRow,
  CollectionRights,
  Grant,
  Group,
  Invitation,
  Person,
} from "./people-shapes.ts";
import { request } from "./request.ts";
import type { PersonDevice, Session } from "./shapes.ts";

const at = (id: string): string => encodeURIComponent(id);

/** Calls about people and rights, one function a route. */
export const peopleApi = {
  people: () => request<{ readonly people: readonly Person[] }>("/api/people"),
  changePerson: (
    id: string,
    body: {
      readonly role?: Person["role"];
      readonly suspended?: boolean;
      readonly groupIds?: readonly string[];
      readonly email?: string;
    },
  ) => request<{ readonly person: Person }>(`/api/people/${at(id)}`, { method: "PATCH", body }),
  removePerson: (id: string) => request<null>(`/api/people/${at(id)}`, { method: "DELETE" }),
  resetLinkFor: (id: string) =>
    request<{ readonly link: string }>(`/api/people/${at(id)}/reset-link`, {
      method: "POST",
      body: {},
    }),
  devicesOf: (id: string) =>
    request<{ readonly sessions: readonly PersonDevice[] }>(`/api/people/${at(id)}/sessions`),
  endDeviceOf: (id: string, deviceId: string) =>
    request<null>(`/api/people/${at(id)}/sessions/${at(deviceId)}`, { method: "DELETE" }),
  endSessionsOf: (id: string) =>
    request<null>(`/api/people/${at(id)}/sessions`, { method: "DELETE" }),

  invitations: () => request<{ readonly invitations: readonly Invitation[] }>("/api/invitations"),
  invite: (body: {
    readonly email: string | null;
    readonly role: Person["role"];
    readonly groupIds: readonly string[];
  }) => request<{ readonly link: string }>("/api/invitations", { method: "POST", body }),
  revokeInvitation: (id: string) =>
    request<null>(`/api/invitations/${at(id)}`, { method: "DELETE" }),
  readInvitation: (token: string) =>
    request<{
      readonly workspaceName: string;
      readonly invitedBy: string | null;
      readonly email: string | null;
    }>("/api/join/invitation", { method: "POST", body: { token }, expectSignedOut: true }),
  join: (body: {
    readonly token: string;
    readonly name: string;
    readonly email: string;
    readonly password: string;
  }) => request<Session>("/api/join", { method: "POST", body, expectSignedOut: true }),

  groups: () => request<{ readonly groups: readonly Group[] }>("/api/groups"),
  createGroup: (name: string) =>
    request<{ readonly group: Group }>("/api/groups", { method: "POST", body: { name } }),
  changeGroup: (
    id: string,
    body: { readonly name?: string; readonly memberIds?: readonly string[] },
  ) => request<{ readonly group: Group }>(`/api/groups/${at(id)}`, { method: "PATCH", body }),
  removeGroup: (id: string, keepalive: boolean) =>
    request<null>(`/api/groups/${at(id)}`, { method: "DELETE", keepalive }),

  collectionRights: (id: string) => request<CollectionRights>(`/api/collections/${at(id)}/rights`),
  setCollectionRights: (id: string, grants: readonly Grant[]) =>
    request<{ readonly grants: readonly Grant[] }>(`/api/collections/${at(id)}/rights`, {
      method: "PUT",
      body: { grants },
    }),

  rename: (name: string) => request<Session>("/api/account", { method: "PATCH", body: { name } }),
  changePassword: (current: string, next: string) =>
    request<null>("/api/account/password", { method: "PUT", body: { current, next } }),
  removeAccount: (password: string) =>
    request<null>("/api/account/removal", { method: "POST", body: { password } }),

  audit: (query: string) =>
    request<{ readonly rows: readonly AuditRow[]; readonly next: number | null }>(
      `/api/audit?${query}`,
    ),
} as const;

export const exportPath = "/api/account/export";

export const auditExportPath = (query: string, format: "csv" | "json"): string =>
  `/api/audit/export?${query}${query === "" ? "" : "&"}format=${format}`;
