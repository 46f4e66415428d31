import { attachment } from "#lib/http/reply.ts";
import { idParams } from "#lib/http/shapes.ts";
import { handle } from "../../../handle.ts";

export const GET = handle(
  { auth: "member", params: idParams },
  async ({ container, actor, params: { id } }) => {
    const { fileKey, fileName } = await container.documents.original(actor, id);
    return attachment({ content: await container.files.open(fileKey), fileName });
  },
);
