import { z } from "zod";
import { json } from "#lib/http/reply.ts";
import { idParams } from "#lib/http/shapes.ts";
import { handle } from "../../../handle.ts";

const query = z.strictObject({ versionId: z.uuid().optional() });

export const GET = handle(
  { auth: "member", params: idParams, query },
  async ({ container, actor, params: { id }, query: { versionId } }) =>
    json(200, await container.documents.text(actor, id, versionId)),
);
