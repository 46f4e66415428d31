import { z } from "zod";
import { json } from "#lib/http/reply.ts";
import { collectionIds } from "#lib/http/shapes.ts";
import { handle } from "../handle.ts";

/** `collectionId` may be repeated; without it every readable collection counts. */
const query = z.strictObject({
  collectionId: z.union([z.uuid().transform((id) => [id]), collectionIds]).default([]),
});

export const GET = handle(
  { auth: "member", query },
  async ({ container, actor, query: { collectionId }, signal }) => {
    // One that may not be read is `not_found`, as everywhere.
    for (const id of collectionId) await container.collections.get(actor, id);
    return json(200, {
      questions: await container.suggestedQuestions(actor, collectionId, signal),
    });
  },
);
