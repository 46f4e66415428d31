import { randomUUID } from "node:crypto";
import type { MatrixEntry } from "./matrix-entry.ts";

/** Accounts, groups, invitations and the audit log. */
export const peopleRoutes: Readonly<Record<string, MatrixEntry>> = {
  "GET /api/people": { need: "admin", ok: 200, call: () => ({ path: "/api/people" }) },
  "PATCH /api/people/[id]": {
    need: "its admin",
    ok: 200,
    call: ({ person }) => ({ path: `/api/people/${person}`, body: { suspended: true } }),
  },
  "DELETE /api/people/[id]": {
    need: "its admin",
    ok: 204,
    call: ({ person }) => ({ path: `/api/people/${person}` }),
  },
  "POST /api/people/[id]/reset-link": {
    need: "its admin",
    ok: 201,
    call: ({ person }) => ({ path: `/api/people/${person}/reset-link` }),
  },
  "GET /api/people/[id]/sessions": {
    need: "its admin",
    ok: 200,
    call: ({ person }) => ({ path: `/api/people/${person}/sessions` }),
  },
  "DELETE /api/people/[id]/sessions/[sessionId]": {
    need: "its admin",
    ok: 204,
    call: ({ sessionOwner, session }) => ({
      path: `/api/people/${sessionOwner}/sessions/${session}`,
    }),
  },
  "DELETE /api/people/[id]/sessions": {
    need: "its admin",
    ok: 204,
    call: ({ person }) => ({ path: `/api/people/${person}/sessions` }),
  },
  "GET /api/invitations": { need: "admin", ok: 200, call: () => ({ path: "/api/invitations" }) },
  "POST /api/invitations": {
    need: "its admin",
    ok: 201,
    call: ({ group }) => ({
      path: "/api/invitations",
      body: { email: null, role: "member", groupIds: [group] },
    }),
  },
  "DELETE /api/invitations/[id]": {
    need: "its admin",
    ok: 204,
    call: ({ invitation }) => ({ path: `/api/invitations/${invitation}` }),
  },
  "GET /api/groups": { need: "admin", ok: 200, call: () => ({ path: "/api/groups" }) },
  "POST /api/groups": {
    need: "admin",
    ok: 201,
    call: () => ({ path: "/api/groups", body: { name: `Group ${randomUUID()}` } }),
  },
  "PATCH /api/groups/[id]": {
    need: "its admin",
    ok: 200,
    call: ({ group, person }) => ({
      path: `/api/groups/${group}`,
      body: { memberIds: [person] },
    }),
  },
  "DELETE /api/groups/[id]": {
    need: "its admin",
    ok: 204,
    call: ({ group }) => ({ path: `/api/groups/${group}` }),
  },
  "POST /api/join": {
    need: "nothing",
    ok: 403,
    call: () => ({
      path: "/api/join",
      body: { token: "t", name: "N", email: "new@example.org", password: "a long enough phrase" },
    }),
  },
  "POST /api/join/invitation": {
    need: "nothing",
    ok: 403,
    call: () => ({ path: "/api/join/invitation", body: { token: "t" } }),
  },
  // No identity provider is configured here (single-sign-on.test.ts has a real one).
  "GET /api/oidc/start": { need: "nothing", ok: 404, call: () => ({ path: "/api/oidc/start" }) },
  "GET /api/oidc/callback": {
    need: "nothing",
    ok: 404,
    call: () => ({ path: "/api/oidc/callback?code=c&state=s" }),
  },
  "PATCH /api/account": {
    need: "session",
    ok: 200,
    call: () => ({ path: "/api/account", body: { name: "Somebody" } }),
  },
  // A wrong password: the right one ends the session that the next call needs (own-account.test.ts).
  "PUT /api/account/password": {
    need: "session",
    ok: 403,
    call: () => ({
      path: "/api/account/password",
      body: { current: "not the password", next: "another long phrase" },
    }),
  },
  "GET /api/account/export": {
    need: "session",
    ok: 200,
    call: () => ({ path: "/api/account/export" }),
  },
  "POST /api/account/removal": {
    need: "session",
    ok: 403,
    call: () => ({ path: "/api/account/removal", body: { password: "not the password" } }),
  },
  "GET /api/audit": { need: "admin", ok: 200, call: () => ({ path: "/api/audit" }) },
  "GET /api/audit/export": {
    need: "admin",
    ok: 200,
    call: () => ({ path: "/api/audit/export?format=csv" }),
  },
};
