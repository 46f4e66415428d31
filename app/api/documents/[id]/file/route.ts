import { z } from "zod";
import { chunksOf } from "#lib/http/read-body.ts";
import { json } from "#lib/http/reply.ts";
import { fileNameText, idParams } from "#lib/http/shapes.ts";
import { handle } from "../../../handle.ts";

const query = z.strictObject({ fileName: fileNameText });
const uploadDeadlineMs = 10 * 60_000;

/** A new version of the document; the old one stays until this one has been read. */
export const PUT = handle(
  { auth: "member", params: idParams, query, body: "bytes", deadlineMs: uploadDeadlineMs },
  async ({ container, actor, params: { id }, query: { fileName }, request, signal, audit }) => {
    const content = chunksOf(request, signal);
    const replaced = await container.replaceDocument(actor, id, { fileName, content }, signal);
    if (!replaced.unchanged) await audit({ action: "document.replace", target: id });
    return json(replaced.unchanged ? 200 : 202, replaced);
  },
);
