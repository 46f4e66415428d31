import { expect, it } from "vitest";
import { retrievalSettings } from "../core/rag/rank-candidates.ts";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import type { RetrievalQuery } from "./retrieve-chunks.ts";
import { createTrySearch } from "./try-search.ts";

it("searches as answers do with what is in force, and by the settings alone with what is tried", async () => {
  const asked: RetrievalQuery[] = [];
  const trySearch = createTrySearch({
    retrieve: (_, query) => {
      asked.push(query);
      return Promise.resolve({
        ...{ chunks: [], vector: null, lexicalOnly: true, ranking: [], terms: [] },
      });
    },
    search: { load: () => Promise.resolve([]) },
    clock: createFakeClock(),
  });
  const inForce = { ...retrievalSettings, limit: 8, neighbourChars: 0, language: null };
  const tried = { ...inForce, vectorShare: 0.2 };
  await trySearch(
    { userId: "u", workspaceId: "w", role: "admin" },
    { text: "q", collectionIds: [], settings: [inForce, tried] },
    new AbortController().signal,
  );
  expect(asked.map(({ settings }) => settings?.vectorShare)).toEqual([undefined, 0.2]);
});
