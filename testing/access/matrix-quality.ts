import type { MatrixEntry } from "./matrix-entry.ts";

const golden = { question: "Where is the plan?", fileName: "plan.txt", passage: "A plan" };

/** What admins see of the quality of answers: of their own workspace only. */
export const qualityRoutes: Readonly<Record<string, MatrixEntry>> = {
  "GET /api/answers/[id]/trace": {
    need: "its admin",
    ok: 200,
    call: ({ answer }) => ({ path: `/api/answers/${answer}/trace` }),
  },
  "GET /api/quality/work": { need: "admin", ok: 200, call: () => ({ path: "/api/quality/work" }) },
  "PUT /api/quality/work/questions/[id]": {
    need: "its admin",
    ok: 204,
    call: ({ answer }) => ({
      path: `/api/quality/work/questions/${answer}`,
      body: { settled: true },
    }),
  },
  "PUT /api/quality/work/documents/[id]": {
    need: "its admin",
    ok: 204,
    call: ({ document }) => ({
      path: `/api/quality/work/documents/${document}`,
      body: { settled: true },
    }),
  },
  // What an admin may not read is not searched: nothing is found, as in a collection that is not there.
  "POST /api/quality/search": {
    need: "admin",
    ok: 200,
    call: ({ collection }) => ({
      path: "/api/quality/search",
      body: {
        text: "Where is the plan?",
        collectionIds: [collection],
        settings: [
          {
            ...{ vectorShare: 0.6, lexicalCandidates: 200, vectorCandidates: 100 },
            ...{ limit: 8, neighbourChars: 400, language: null },
          },
        ],
      },
    }),
  },
  "GET /api/collections/[id]/golden-questions": {
    need: "its admin",
    ok: 200,
    call: ({ collection }) => ({ path: `/api/collections/${collection}/golden-questions` }),
  },
  "POST /api/collections/[id]/golden-questions": {
    need: "its admin",
    ok: 201,
    call: ({ collection }) => ({
      path: `/api/collections/${collection}/golden-questions`,
      body: golden,
    }),
  },
  "POST /api/collections/[id]/golden-questions/import": {
    need: "its admin",
    ok: 200,
    call: ({ collection }) => ({
      path: `/api/collections/${collection}/golden-questions/import`,
      body: { format: "csv", content: "question\nWhere is it?\n" },
    }),
  },
  "GET /api/collections/[id]/golden-questions/export": {
    need: "its admin",
    ok: 200,
    call: ({ collection }) => ({
      path: `/api/collections/${collection}/golden-questions/export?format=jsonl`,
    }),
  },
  "PATCH /api/golden-questions/[id]": {
    need: "its admin",
    ok: 200,
    call: ({ goldenQuestion }) => ({
      path: `/api/golden-questions/${goldenQuestion}`,
      body: golden,
    }),
  },
  "DELETE /api/golden-questions/[id]": {
    need: "its admin",
    ok: 204,
    call: ({ goldenQuestion }) => ({ path: `/api/golden-questions/${goldenQuestion}` }),
  },
  "GET /api/collections/[id]/golden-runs": {
    need: "its admin",
    ok: 200,
    call: ({ collection }) => ({ path: `/api/collections/${collection}/golden-runs` }),
  },
  "POST /api/collections/[id]/golden-runs": {
    need: "its admin",
    ok: 202,
    call: ({ collection }) => ({ path: `/api/collections/${collection}/golden-runs`, body: {} }),
  },
  "GET /api/golden-runs/[id]": {
    need: "its admin",
    ok: 200,
    call: ({ goldenRun }) => ({ path: `/api/golden-runs/${goldenRun}` }),
  },
  "DELETE /api/golden-runs/[id]": {
    need: "its admin",
    ok: 204,
    call: ({ goldenRun }) => ({ path: `/api/golden-runs/${goldenRun}` }),
  },
};
