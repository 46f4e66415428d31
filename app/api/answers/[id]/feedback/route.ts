import { z } from "zod";
import { noContent } from "#lib/http/reply.ts";
import { freeText, idParams } from "#lib/http/shapes.ts";
import { handle } from "../../../handle.ts";

const body = z.strictObject({
  rating: z.enum(["up", "down"]),
  reason: freeText(2_000).optional(),
});

export const PUT = handle(
  { auth: "member", params: idParams, body },
  async ({ container, actor, params: { id }, body: { rating, reason } }) => {
    const feedback = reason === undefined ? { rating } : { rating, reason };
    await container.conversations.rate(actor, id, feedback);
    return noContent();
  },
);

export const DELETE = handle(
  { auth: "member", params: idParams },
  async ({ container, actor, params: { id } }) => {
    await container.conversations.rate(actor, id, null);
    return noContent();
  },
);
