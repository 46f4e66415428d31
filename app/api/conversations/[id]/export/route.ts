import { z } from "zod";
import { conversationAsJson, conversationAsMarkdown } from "#lib/core/chat/export-conversation.ts";
import { writtenAttachment } from "#lib/http/reply.ts";
import { idParams } from "#lib/http/shapes.ts";
import { handle } from "../../../handle.ts";

const query = z.strictObject({ format: z.enum(["markdown", "json"]) });
const formats = {
  markdown: { write: conversationAsMarkdown, extension: "md" },
  json: { write: conversationAsJson, extension: "json" },
} as const;

export const GET = handle(
  { auth: "member", params: idParams, query },
  async ({ container, actor, params: { id }, query: { format } }) => {
    const { conversation, turns } = await container.conversations.get(actor, id);
    const { write, extension } = formats[format];
    return writtenAttachment(write(conversation, turns), `${conversation.title}.${extension}`);
  },
);
