import { z } from "zod";
import { chunksOf } from "#lib/http/read-body.ts";
import { json } from "#lib/http/reply.ts";
import { fileNameText } from "#lib/http/shapes.ts";
import { handle } from "../handle.ts";

const listQuery = z.strictObject({ collectionId: z.uuid().optional() });

export const GET = handle(
  { auth: "member", query: listQuery },
  async ({ container, actor, query }) => {
    // A collection that may not be read is `not_found`, not an empty list.
    if (query.collectionId !== undefined)
      await container.collections.get(actor, query.collectionId);
    const filter = query.collectionId === undefined ? {} : { collectionId: query.collectionId };
    return json(200, { documents: await container.documents.list(actor, filter) });
  },
);

const uploadQuery = z.strictObject({
  collectionId: z.uuid(),
  fileName: fileNameText,
});

const uploadDeadlineMs = 10 * 60_000;

export const POST = handle(
  { auth: "member", query: uploadQuery, body: "bytes", deadlineMs: uploadDeadlineMs },
  async ({ container, actor, query, request, signal, audit }) => {
    const content = chunksOf(request, signal);
    const { document, duplicate } = await container.uploadDocument(
      actor,
      { ...query, content },
      signal,
    );
    if (!duplicate) await audit({ action: "document.upload", target: document.id });
    return json(duplicate ? 200 : 201, { document, duplicate });
  },
);
