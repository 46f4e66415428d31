import type { MatrixEntry } from "./matrix-entry.ts";

/** What admins see of the answer cache and do to it. */
export const cacheRoutes: Readonly<Record<string, MatrixEntry>> = {
  "GET /api/cache": { need: "admin", ok: 200, call: () => ({ path: "/api/cache?days=1" }) },
  "GET /api/cache/entries": {
    need: "admin",
    ok: 200,
    call: () => ({ path: "/api/cache/entries?text=pump" }),
  },
  // No such entry: what is there belongs to other tests.
  "GET /api/cache/entries/[id]": {
    need: "admin",
    ok: 404,
    call: ({ document }) => ({ path: `/api/cache/entries/${document}` }),
  },
  "DELETE /api/cache/entries/[id]": {
    need: "admin",
    ok: 404,
    call: ({ document }) => ({ path: `/api/cache/entries/${document}` }),
  },
  "DELETE /api/cache/collections/[id]": {
    need: "its admin",
    ok: 200,
    readerGets: 403,
    call: ({ collection }) => ({ path: `/api/cache/collections/${collection}` }),
  },
  // No node answers in these tests.
  "POST /api/cache/pair": {
    need: "admin",
    ok: 503,
    call: () => ({ path: "/api/cache/pair", body: { one: "a pump?", other: "a valve?" } }),
  },
  "POST /api/cache/prewarm": {
    need: "admin",
    ok: 204,
    call: () => ({ path: "/api/cache/prewarm" }),
  },
  "GET /api/cache/passages": {
    need: "admin",
    ok: 200,
    call: () => ({ path: "/api/cache/passages?question=pump" }),
  },
  "POST /api/cache/questions": {
    need: "admin",
    ok: 201,
    call: ({ session }) => ({
      path: "/api/cache/questions",
      body: { question: `What is ${session}?`, curated: null },
    }),
  },
  "DELETE /api/cache/questions/[id]": {
    need: "admin",
    ok: 404,
    call: ({ document }) => ({ path: `/api/cache/questions/${document}` }),
  },
};
