import { chatMatrix } from "./matrix-chat-table.ts";
import { cacheRoutes } from "./matrix-cache.ts";
import { clusterRoutes } from "./matrix-cluster.ts";
import type { MatrixEntry } from "./matrix-entry.ts";
import { peopleRoutes } from "./matrix-people.ts";
import { sourceRoutes } from "./matrix-sources.ts";
import { qualityRoutes } from "./matrix-quality.ts";

const bytes = new TextEncoder().encode("a few words");

/** Every route and method of the app. A route file that is not here fails the test; an area with many routes has a file of its own. */
export const matrix: Readonly<Record<string, MatrixEntry>> = {
  ...peopleRoutes,
  ...clusterRoutes,
  ...sourceRoutes,
  ...cacheRoutes,
  ...qualityRoutes,
  "GET /healthz": { need: "nothing", ok: 200, call: () => ({ path: "/healthz" }) },
  // No node answers in these tests.
  "GET /readyz": { need: "nothing", ok: 503, call: () => ({ path: "/readyz" }) },
  "GET /api/setup": { need: "nothing", ok: 200, call: () => ({ path: "/api/setup" }) },
  "POST /api/setup": {
    need: "nothing",
    ok: 410,
    call: () => ({
      path: "/api/setup",
      body: {
        token: "t",
        workspaceName: "W",
        name: "N",
        email: "new@example.org",
        password: "a long enough phrase",
      },
    }),
  },
  "POST /api/password-reset": {
    need: "nothing",
    ok: 403,
    call: () => ({
      path: "/api/password-reset",
      body: { token: "t", password: "a long enough phrase" },
    }),
  },
  "GET /api/events": {
    need: "owner",
    ok: 200,
    call: ({ answer }) => ({ path: `/api/events?answers=${answer}.0` }),
  },
  "GET /api/session": { need: "session", ok: 200, call: () => ({ path: "/api/session" }) },
  "POST /api/session": {
    need: "nothing",
    ok: 401,
    call: ({ session }) => ({
      path: "/api/session",
      body: { email: `${session}@example.org`, password: "a long enough phrase" },
    }),
  },
  "DELETE /api/session": { need: "session", ok: 204, call: () => ({ path: "/api/session" }) },
  "GET /api/sessions": { need: "session", ok: 200, call: () => ({ path: "/api/sessions" }) },
  "DELETE /api/sessions/[id]": {
    need: "owner",
    ok: 204,
    call: ({ session }) => ({ path: `/api/sessions/${session}` }),
  },
  "GET /api/status": { need: "session", ok: 200, call: () => ({ path: "/api/status" }) },
  "GET /api/collections": { need: "session", ok: 200, call: () => ({ path: "/api/collections" }) },
  "POST /api/collections": {
    need: "admin",
    ok: 201,
    call: () => ({ path: "/api/collections", body: { name: "New", visibility: "private" } }),
  },
  "GET /api/collections/[id]": {
    need: "read",
    ok: 200,
    call: ({ collection }) => ({ path: `/api/collections/${collection}` }),
  },
  "PATCH /api/collections/[id]": {
    need: "manage",
    ok: 200,
    call: ({ collection }) => ({
      path: `/api/collections/${collection}`,
      body: { name: "Renamed", visibility: "private" },
    }),
  },
  "DELETE /api/collections/[id]": {
    need: "manage",
    ok: 204,
    call: ({ collection }) => ({ path: `/api/collections/${collection}` }),
  },
  "GET /api/documents": {
    need: "read",
    ok: 200,
    call: ({ collection }) => ({ path: `/api/documents?collectionId=${collection}` }),
  },
  "POST /api/documents": {
    need: "write",
    ok: 201,
    readerGets: 403,
    call: ({ collection, document }) => ({
      path: `/api/documents?collectionId=${collection}&fileName=${document}.txt`,
      body: bytes,
    }),
  },
  "GET /api/documents/[id]": {
    need: "read",
    ok: 200,
    call: ({ document }) => ({ path: `/api/documents/${document}` }),
  },
  "DELETE /api/documents/[id]": {
    need: "write",
    ok: 204,
    call: ({ document }) => ({ path: `/api/documents/${document}` }),
  },
  "PUT /api/documents/[id]/file": {
    need: "write",
    ok: 202,
    readerGets: 403,
    call: ({ document }) => ({
      path: `/api/documents/${document}/file?fileName=${document}.txt`,
      body: bytes,
    }),
  },
  "POST /api/documents/[id]/retry": {
    need: "write",
    ok: 202,
    call: ({ document }) => ({ path: `/api/documents/${document}/retry` }),
  },
  "POST /api/documents/[id]/cancel": {
    need: "write",
    ok: 202,
    call: ({ document }) => ({ path: `/api/documents/${document}/cancel` }),
  },
  "GET /api/documents/[id]/text": {
    need: "read",
    ok: 200,
    call: ({ document }) => ({ path: `/api/documents/${document}/text` }),
  },
  "GET /api/documents/[id]/original": {
    need: "read",
    ok: 200,
    call: ({ document }) => ({ path: `/api/documents/${document}/original` }),
  },
  "GET /api/collections/[id]/rights": {
    need: "manage",
    ok: 200,
    call: ({ collection }) => ({ path: `/api/collections/${collection}/rights` }),
  },
  "PUT /api/collections/[id]/rights": {
    need: "manage",
    ok: 200,
    call: ({ collection }) => ({
      path: `/api/collections/${collection}/rights`,
      body: { grants: [{ subjectKind: "everyone", subjectId: "*", right: "read" }] },
    }),
  },
  "GET /api/settings": { need: "admin", ok: 200, call: () => ({ path: "/api/settings" }) },
  "PATCH /api/settings": {
    need: "admin",
    ok: 200,
    call: () => ({ path: "/api/settings", body: { changes: { "chat.answersAtOnce": 2 } } }),
  },
  "GET /api/queue": { need: "admin", ok: 200, call: () => ({ path: "/api/queue" }) },
  "POST /api/queue": {
    need: "admin",
    ok: 404,
    call: ({ document }) => ({
      path: "/api/queue",
      body: { action: "purge", jobIds: [document] },
    }),
  },
  "GET /api/demo": { need: "session", ok: 200, call: () => ({ path: "/api/demo" }) },
  "POST /api/demo": { need: "admin", ok: 202, call: () => ({ path: "/api/demo" }) },
  "DELETE /api/demo": { need: "admin", ok: 204, call: () => ({ path: "/api/demo" }) },
  "GET /api/suggestions": {
    need: "read",
    ok: 200,
    call: ({ collection }) => ({ path: `/api/suggestions?collectionId=${collection}` }),
  },
  "GET /api/conversations": {
    need: "session",
    ok: 200,
    call: () => ({ path: "/api/conversations" }),
  },
  "POST /api/conversations": {
    need: "read",
    ok: 201,
    call: ({ collection }) => ({
      path: "/api/conversations",
      body: { question: "What is new?", collectionIds: [collection] },
    }),
  },
  "GET /api/conversations/[id]": {
    need: "owner",
    ok: 200,
    call: ({ conversation }) => ({ path: `/api/conversations/${conversation}` }),
  },
  "PATCH /api/conversations/[id]": {
    need: "owner",
    ok: 204,
    call: ({ conversation }) => ({
      path: `/api/conversations/${conversation}`,
      body: { title: "Renamed" },
    }),
  },
  "DELETE /api/conversations/[id]": {
    need: "owner",
    ok: 204,
    call: ({ conversation }) => ({ path: `/api/conversations/${conversation}` }),
  },
  "POST /api/conversations/[id]/turns": {
    need: "owner",
    ok: 202,
    call: ({ conversation }) => ({
      path: `/api/conversations/${conversation}/turns`,
      body: { question: "And then?" },
    }),
  },
  ...chatMatrix,
  "GET /api/answers/[id]/events": {
    need: "owner",
    ok: 204,
    call: ({ answer }) => ({ path: `/api/answers/${answer}/events` }),
  },
  "POST /api/answers/[id]/stop": {
    need: "owner",
    ok: 202,
    call: ({ answer }) => ({ path: `/api/answers/${answer}/stop` }),
  },
  "PUT /api/answers/[id]/feedback": {
    need: "owner",
    ok: 204,
    call: ({ answer }) => ({ path: `/api/answers/${answer}/feedback`, body: { rating: "up" } }),
  },
  "DELETE /api/answers/[id]/feedback": {
    need: "owner",
    ok: 204,
    call: ({ answer }) => ({ path: `/api/answers/${answer}/feedback` }),
  },
};
