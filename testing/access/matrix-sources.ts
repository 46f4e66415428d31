import type { MatrixEntry } from "./matrix-entry.ts";

export const sourceRoutes: Readonly<Record<string, MatrixEntry>> = {
  "GET /api/collections/[id]/sources": {
    need: "its admin",
    ok: 200,
    call: ({ collection }) => ({ path: `/api/collections/${collection}/sources` }),
  },
  // Off until an admin allows it.
  "POST /api/collections/[id]/sources": {
    need: "its admin",
    ok: 422,
    call: ({ collection }) => ({
      path: `/api/collections/${collection}/sources`,
      body: {
        ...{ kind: "web", location: "https://example.org/", everyHours: 24, onVanished: "keep" },
      },
    }),
  },
  "DELETE /api/sources/[id]": {
    need: "its admin",
    ok: 204,
    call: ({ source }) => ({ path: `/api/sources/${source}` }),
  },
  "POST /api/sources/[id]/sync": {
    need: "its admin",
    ok: 202,
    call: ({ source }) => ({ path: `/api/sources/${source}/sync` }),
  },
  "GET /api/flagged-passages": {
    need: "admin",
    ok: 200,
    call: () => ({ path: "/api/flagged-passages" }),
  },
};
