import { z } from "zod";
import { chunksOf } from "#lib/http/read-body.ts";
import { json } from "#lib/http/reply.ts";
import { fileNameText, idParams } from "#lib/http/shapes.ts";
import { handle } from "../../../handle.ts";

const uploadDeadlineMs = 10 * 60_000;

export const GET = handle(
  { auth: "member", params: idParams },
  async ({ container, actor, params: { id } }) => {
    const collectionId = await container.conversations.attachments(actor, id);
    const documents =
      collectionId === null ? [] : await container.documents.list(actor, { collectionId });
    return json(200, { documents });
  },
);

/** A file for this conversation alone: searched in it, seen by nobody else. */
export const POST = handle(
  {
    auth: "member",
    params: idParams,
    query: z.strictObject({ fileName: fileNameText }),
    body: "bytes",
    deadlineMs: uploadDeadlineMs,
  },
  async ({ container, actor, params: { id }, query: { fileName }, request, signal, audit }) => {
    const collectionId = await container.conversations.makeAttachments(actor, id);
    const content = chunksOf(request, signal);
    const { document, duplicate } = await container.uploadDocument(
      actor,
      { collectionId, fileName, content },
      signal,
    );
    if (!duplicate) await audit({ action: "conversation.attach", target: document.id });
    return json(duplicate ? 200 : 201, { document, duplicate });
  },
);
