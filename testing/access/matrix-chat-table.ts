import type { MatrixEntry } from "./matrix-entry.ts";

const bytes = new TextEncoder().encode("a few words");

/** Routes about chats, beside asking and following answers. */
export const chatMatrix: Readonly<Record<string, MatrixEntry>> = {
  "POST /api/conversations/new": {
    need: "read",
    ok: 201,
    call: ({ collection }) => ({
      path: "/api/conversations/new",
      body: { collectionIds: [collection] },
    }),
  },
  "GET /api/conversations/search": {
    need: "session",
    ok: 200,
    call: ({ conversation }) => ({ path: `/api/conversations/search?query=${conversation}` }),
  },
  "PUT /api/conversations/[id]/branch": {
    need: "owner",
    ok: 204,
    call: ({ conversation, answer }) => ({
      path: `/api/conversations/${conversation}/branch`,
      body: { answerId: answer },
    }),
  },
  "GET /api/conversations/[id]/export": {
    need: "owner",
    ok: 200,
    call: ({ conversation }) => ({
      path: `/api/conversations/${conversation}/export?format=markdown`,
    }),
  },
  "GET /api/conversations/[id]/shares": {
    need: "owner",
    ok: 200,
    call: ({ conversation }) => ({ path: `/api/conversations/${conversation}/shares` }),
  },
  "POST /api/conversations/[id]/shares": {
    need: "owner",
    ok: 201,
    call: ({ conversation }) => ({ path: `/api/conversations/${conversation}/shares` }),
  },
  "GET /api/conversations/[id]/attachments": {
    need: "owner",
    ok: 200,
    call: ({ conversation }) => ({ path: `/api/conversations/${conversation}/attachments` }),
  },
  "POST /api/conversations/[id]/attachments": {
    need: "owner",
    ok: 201,
    call: ({ conversation }) => ({
      path: `/api/conversations/${conversation}/attachments?fileName=note.txt`,
      body: bytes,
    }),
  },
  "GET /api/shares/[id]": {
    need: "workspace",
    ok: 200,
    call: ({ share }) => ({ path: `/api/shares/${share}` }),
  },
  "DELETE /api/shares/[id]": {
    need: "owner",
    ok: 204,
    call: ({ share }) => ({ path: `/api/shares/${share}` }),
  },
  "GET /api/answers/[id]/follow-ups": {
    need: "owner",
    ok: 200,
    call: ({ answer }) => ({ path: `/api/answers/${answer}/follow-ups` }),
  },
};
