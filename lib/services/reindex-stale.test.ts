import { describe, expect, it } from "vitest";
import { createFakeClock } from "#testing/fakes/fake-clock.ts";
import { AppError } from "../core/errors/app-error.ts";
import type { EmbeddingSpace } from "../ports/chunk-search.ts";
import { createReindexStale } from "./reindex-stale.ts";

const space: EmbeddingSpace = { model: "m", engine: "e", digest: "d", dimension: 3 };
const never = new AbortController().signal;

function start(queuedEachTime: readonly number[], embeds = true) {
  const asked: EmbeddingSpace[] = [];
  const left = [...queuedEachTime];
  const reindex = createReindexStale({
    clock: createFakeClock(),
    models: {
      embed: () =>
        embeds
          ? Promise.resolve({ vectors: [[1, 0, 0]], space })
          : Promise.reject(new AppError("no_node_available", {})),
    },
    store: {
      queueStale: (one) => {
        asked.push(one);
        return Promise.resolve(left.shift() ?? 0);
      },
    },
  });
  return { reindex, asked };
}

describe("createReindexStale", () => {
  it("asks for what was embedded elsewhere, and goes on while there is more", async () => {
    const { reindex, asked } = start([50, 50, 3]);
    for (let sweep = 0; sweep < 5; sweep += 1) await reindex(never);
    expect(asked).toEqual([space, space, space]);
  });

  it("compares with nothing while no node answers", async () => {
    const { reindex, asked } = start([50], false);
    await reindex(never);
    expect(asked).toEqual([]);
  });
});
