import { z } from "zod";
import { json, noContent } from "#lib/http/reply.ts";
import { idParams, nameText } from "#lib/http/shapes.ts";
import { handle } from "../../handle.ts";

export const GET = handle(
  { auth: "member", params: idParams },
  async ({ container, actor, params: { id } }) =>
    json(200, await container.conversations.get(actor, id)),
);

const change = z
  .strictObject({
    title: nameText(200).exactOptional(),
    pinned: z.boolean().exactOptional(),
    archived: z.boolean().exactOptional(),
  })
  .refine((body) => Object.keys(body).length > 0, "nothing to change");

export const PATCH = handle(
  { auth: "member", params: idParams, body: change },
  async ({ container, actor, params: { id }, body }) => {
    await container.conversations.change(actor, id, body);
    return noContent();
  },
);

export const DELETE = handle(
  { auth: "member", params: idParams },
  async ({ container, actor, params: { id } }) => {
    await container.conversations.remove(actor, id);
    return noContent();
  },
);
