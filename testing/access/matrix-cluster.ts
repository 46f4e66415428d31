import type { MatrixEntry } from "./matrix-entry.ts";

/** What admins see of the cluster and do to its nodes. */
export const clusterRoutes: Readonly<Record<string, MatrixEntry>> = {
  // Not there without a token in the configuration.
  "GET /metrics": { need: "nothing", ok: 404, call: () => ({ path: "/metrics" }) },
  "GET /api/cluster": { need: "admin", ok: 200, call: () => ({ path: "/api/cluster" }) },
  "GET /api/cluster/events": {
    need: "admin",
    ok: 200,
    call: () => ({ path: "/api/cluster/events" }),
  },
  "POST /api/cluster/nodes": {
    need: "admin",
    ok: 204,
    call: ({ session }) => ({
      path: "/api/cluster/nodes",
      body: { id: `new-${session}`, baseUrl: "http://127.0.0.1:9" },
    }),
  },
  "PATCH /api/cluster/nodes/[id]": {
    need: "admin",
    ok: 204,
    call: ({ node }) => ({ path: `/api/cluster/nodes/${node}`, body: { weight: 2 } }),
  },
  // No node of that name, so that the one of these tests stays.
  "DELETE /api/cluster/nodes/[id]": {
    need: "admin",
    ok: 404,
    call: ({ session }) => ({ path: `/api/cluster/nodes/${session}` }),
  },
  "POST /api/cluster/nodes/[id]/drain": {
    need: "admin",
    ok: 204,
    call: ({ node }) => ({ path: `/api/cluster/nodes/${node}/drain` }),
  },
  "DELETE /api/cluster/nodes/[id]/drain": {
    need: "admin",
    ok: 204,
    call: ({ node }) => ({ path: `/api/cluster/nodes/${node}/drain` }),
  },
  "DELETE /api/cluster/nodes/[id]/breaker": {
    need: "admin",
    ok: 204,
    call: ({ node }) => ({ path: `/api/cluster/nodes/${node}/breaker` }),
  },
  "POST /api/cluster/nodes/[id]/models": {
    need: "admin",
    ok: 404,
    call: ({ node }) => ({
      path: `/api/cluster/nodes/${node}/models`,
      body: { model: "absent", action: "load" },
    }),
  },
};
