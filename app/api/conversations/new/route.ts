import { z } from "zod";
import { json } from "#lib/http/reply.ts";
import { collectionIds } from "#lib/http/shapes.ts";
import { handle } from "../../handle.ts";

const unnamed = "New chat";

/** A conversation before its first question, for files that are attached first. Lists leave it out. */
export const POST = handle(
  { auth: "member", body: z.strictObject({ collectionIds }) },
  async ({ container, actor, body }) => {
    const conversation = await container.conversations.create(actor, { title: unnamed, ...body });
    return json(201, { conversation });
  },
);
